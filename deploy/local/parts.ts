// The parts of the local stack and their versions: the one table to change when one moves on.

export interface Artifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
}

export interface JarPart {
  readonly kind: 'jars';
  readonly title: string;
  readonly version: string;
  readonly artifacts: readonly Artifact[];
  readonly size: string;
}

export interface ArchivePart {
  readonly kind: 'archive';
  readonly title: string;
  readonly version: string;
  /** Maven coordinates with type and classifier, the form the unpack goal wants. */
  readonly coordinates: string;
  readonly size: string;
}

export type PartSource = JarPart | ArchivePart;
export type PartName = 'kafka' | 'artemis' | 'apicurio';

export const JAVA_MAJOR_MIN = 17;

// Maven 3.8.7 alone would take an old plugin that cannot unpack tar.gz with a classifier.
export const MAVEN_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

export const PARTS: Readonly<Record<PartName, PartSource>> = {
  kafka: {
    kind: 'jars',
    title: 'Apache Kafka',
    version: '4.4.0',
    artifacts: [
      { group: 'org.apache.kafka', name: 'kafka_2.13', version: '4.4.0' },
      // Without a log4j binding Kafka starts and logs nothing.
      { group: 'org.apache.logging.log4j', name: 'log4j-slf4j-impl', version: '2.25.5' },
    ],
    size: '43 MB',
  },
  artemis: {
    kind: 'jars',
    title: 'Apache ActiveMQ Artemis',
    version: '2.55.0',
    artifacts: [
      { group: 'org.apache.activemq', name: 'artemis-mqtt-protocol', version: '2.55.0' },
      { group: 'org.apache.activemq', name: 'artemis-server', version: '2.55.0' },
      { group: 'org.slf4j', name: 'slf4j-simple', version: '2.0.18' },
    ],
    size: '18 MB',
  },
  apicurio: {
    kind: 'archive',
    title: 'Apicurio Registry',
    // The last line that runs on Java 17.
    version: '2.6.13.Final',
    coordinates: 'io.apicurio:apicurio-registry-app:2.6.13.Final:tar.gz:all',
    size: '142 MB',
  },
};
