// The stack with its doors shut: MQTT with certificates on both sides, Kafka with TLS and SASL. For
// tests; everything secret is made anew each time and lies in files, as services want it.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority, type Identity } from './certificates.ts';
import { prepareKafka } from './kafka.ts';
import type { ManagedPart } from './managed-part.ts';
import { claimPorts, HOST } from './ports.ts';
import { prepareSecureArtemis } from './secure-artemis.ts';
import { openStackFolder } from './stack-folder.ts';

export interface SecureStack {
  /** mqtts://… */
  readonly mqttUrl: string;
  /** Of the listener with TLS and SASL. */
  readonly kafkaBrokers: string;
  /** The same Kafka without either, for who may everything. */
  readonly kafkaPlainBrokers: string;
  readonly dir: string;
  /** PEM of the authority that signed brokers and clients alike. */
  readonly caFile: string;
  /** By certificate: may read and publish everything. */
  readonly service: IdentityFiles;
  /** Known to Kafka by SCRAM-SHA-512. */
  readonly kafkaUser: { readonly username: string; readonly passwordFile: string };
  /** An identity that the brokers trust, such as a vehicle's. */
  issue(name: string): Identity;
  /** Safe to call twice. */
  stop(): Promise<void>;
}

export interface IdentityFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface SecureStackOptions {
  readonly say?: (line: string) => void;
}

/** Throws MissingPartError; on any failure nothing is left. */
export async function startSecureStack(options: SecureStackOptions = {}): Promise<SecureStack> {
  const say = options.say ?? (() => undefined);
  const folder = await openStackFolder();
  const ports = await claimPorts();
  const nodes: ManagedPart[] = [];
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    await ports.release();
    await folder.close();
  };
  try {
    say(`Starting Kafka and Artemis with TLS; logs in ${folder.dir}`);
    const plan = await planOf(folder.dir, say);
    const [mqttPort, plainPort, controllerPort, kafkaPort] = [0, 1, 2, 3].map(() => ports.next());
    const { dir } = folder;
    nodes.push(
      await prepareSecureArtemis({ ...plan.mqtt, port: mqttPort as number, dir, say }),
      ...(await prepareKafka({
        nodes: [{ id: 1, port: plainPort as number, controllerPort: controllerPort as number }],
        security: { ...plan.kafka, port: kafkaPort as number },
        dir,
        say,
      })),
    );
    await Promise.all(nodes.map((node) => node.start()));
    const mqttUrl = `mqtts://${HOST}:${mqttPort}`;
    return {
      ...plan.stack,
      mqttUrl,
      kafkaBrokers: `${HOST}:${kafkaPort}`,
      kafkaPlainBrokers: `${HOST}:${plainPort}`,
      dir,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Keys, certificates and passwords, in files and for the parts. */
async function planOf(dir: string, say: (line: string) => void) {
  const secrets = join(dir, 'secrets');
  await mkdir(secrets, { recursive: true });
  const write = async (name: string, content: string) => {
    const path = join(secrets, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  say('Making an authority and its certificates.');
  const authority = createAuthority('fleetwire stack');
  const { certPem: caPem } = authority;
  const broker = authority.issue('broker');
  const service = authority.issue('fleetwire-bridge');
  const user = { username: 'fleetwire', password: randomBytes(18).toString('hex') };
  const keyStoreFile = await write('kafka.pem', `${broker.keyPem}${broker.certPem}${caPem}`);
  const stack = {
    caFile: await write('ca.crt', caPem),
    service: {
      certFile: await write('service.crt', service.certPem),
      keyFile: await write('service.key', service.keyPem),
    },
    kafkaUser: {
      username: user.username,
      passwordFile: await write('kafka-password', user.password),
    },
    issue: (name: string) => authority.issue(name),
  };
  return { stack, mqtt: { caPem, broker, service }, kafka: { ...user, keyStoreFile } };
}
