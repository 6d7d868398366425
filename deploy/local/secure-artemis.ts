// The stack's MQTT broker over TLS: Artemis that knows vehicles by their certificates.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { openPublisher } from '#shared/mqtt/publisher.ts';
import type { BrokerOptions } from './artemis.ts';
import type { Identity } from './certificates.ts';
import { classPath, findJava, JAVA_FLAGS } from './java.ts';
import { type ManagedPart, managePart } from './managed-part.ts';
import { obtain } from './maven.ts';
import { HOST } from './ports.ts';

export interface SecureBrokerOptions extends BrokerOptions {
  readonly caPem: string;
  readonly broker: Identity;
  /** May do everything. */
  readonly service: Identity;
}

const SETTINGS = new URL('artemis-broker.xml', import.meta.url);
const SOURCE = fileURLToPath(new URL('CertificateBroker.java', import.meta.url));

/** Brings Artemis and does not start it yet. Throws MissingPartError. */
export async function prepareSecureArtemis(options: SecureBrokerOptions): Promise<ManagedPart> {
  const java = await findJava();
  const jars = await obtain('artemis', options);
  const home = join(options.dir, 'artemis');
  const etc = join(home, 'etc');
  await mkdir(etc, { recursive: true });
  await writeFile(join(etc, 'broker.xml'), await settingsOf(options.port, etc));
  await writeFile(join(etc, 'ca.pem'), options.caPem);
  await writeFile(join(etc, 'broker.crt'), options.broker.certPem);
  await writeFile(join(etc, 'broker.key'), options.broker.keyPem, { mode: 0o600 });
  const run = ['-cp', await classPath(jars), SOURCE, home, options.service.name];
  return managePart({
    id: 1,
    title: 'Artemis with TLS',
    command: java.path,
    args: [...JAVA_FLAGS, '-Xms64m', '-Xmx512m', ...run],
    logFile: join(options.dir, 'mqtt.log'),
    cwd: home,
    probe: () => answers(options),
    say: options.say,
  });
}

async function settingsOf(port: number, etc: string): Promise<string> {
  const tls = [
    'sslEnabled=true',
    'needClientAuth=true',
    `keyStorePath=${etc}/own.p12;keyStoreType=PKCS12;keyStorePassword=stack-only`,
    `trustStorePath=${etc}/trusted.p12;trustStoreType=PKCS12;trustStorePassword=stack-only`,
    // Else a refused PUBLISH ends the connection, where EMQX answers with PUBACK 0x87.
    'closeMqttConnectionOnPublishAuthorizationFailure=false',
  ];
  const security = [
    '<security-enabled>true</security-enabled>',
    // The caches know users by name and password; ours have neither and would share their rights.
    '<authentication-cache-size>0</authentication-cache-size>',
    '<authorization-cache-size>0</authorization-cache-size>',
  ];
  const plain = await readFile(SETTINGS, 'utf8');
  return plain
    .replace(/<!-- Off: it listens[^>]*-->\s*<security-enabled>false<\/security-enabled>/, () => {
      return security.join('\n    ');
    })
    .replace('tcp://HOST:PORT', `tcp://${HOST}:${port}`)
    .replace('topicAliasMaximum=100', `topicAliasMaximum=100;${tls.join(';')}`);
}

/** A CONNECT with the service's certificate that is answered by CONNACK 0. */
async function answers({ port, caPem, service }: SecureBrokerOptions): Promise<void> {
  const material = { ca: caPem, cert: service.certPem, key: service.keyPem };
  const publisher = await openPublisher({
    link: {
      host: HOST,
      port,
      clientId: 'probe',
      keepaliveSeconds: 10,
      connectTimeoutMs: 2_000,
      credentials: null,
      tls: () => createSecureContext(material),
    },
  });
  await publisher.close();
}
