// The image as it is shipped: built, looked into, and run as strictly as a cluster would, against
// real neighbours.

import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BaseImages, importBaseImages } from '#deploy/image/base-images.ts';
import { type BuiltImage, buildImage, latestCommit } from '#deploy/image/build-image.ts';
import { openPodman, type Podman } from '#deploy/image/podman.ts';
import { type Stack, startStack } from '#deploy/local/stack.ts';
import { environmentOf } from '#loadtest/demo/addresses.ts';
import { eventually } from '../integration/eventually.ts';
import { openFleet } from '../integration/fleet-run.ts';
import { openGround } from '../integration/ground.ts';
import { watchLedgers } from '../integration/ledger-watch.ts';
import { askHealth, runFleet, takeOutRules } from './image/compose-programs.ts';
import { type Container, runToEnd, startContainer } from './image/container.ts';
import { checkContent } from './image/content.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vehicles = 40;
const messagesPerVehicle = 25;

export const imageProof: Proof = {
  name: 'image',
  sentence:
    'deploy/Dockerfile builds the same image twice; it holds the services, their packages and ' +
    'the list of them, no tests, tools, native code or shell; from it topics and schemas are ' +
    'applied and every service runs as user 65532 without a capability or a place to write, ' +
    'stores every frame, and drains on SIGTERM with exit code 0; the other programs of ' +
    'compose.yaml run from it, too. (Base images are stand-ins made of Debian packages: no ' +
    'registry is asked.)',
  run,
};

async function run(stage: ProofStage): Promise<Figures> {
  const podman = await openPodman(stage);
  stage.after(() => podman.close());
  const bases = await importBaseImages({ podman, say: stage.say });
  const { image, fleetImage } = await build(stage, podman, bases);
  const { packageCount, bytes } = await checkContent(podman, image);
  const baseBytes = Number(
    await podman.run('image', 'inspect', '--format', '{{.Size}}', bases.runtime),
  );
  const megabytes = (count: number) => Math.round(count / 1e6);
  const stack = await startStack({ say: stage.say });
  stage.after(() => stack.stop());
  const names = { image: image.name, fleetImage: fleetImage.name };
  const ran = await runServices(stage, { podman, ...names, stack });
  return {
    'MB with the stand-in base': megabytes(bytes),
    'MB above the base image': megabytes(bytes - baseBytes),
    'npm packages': packageCount,
    ...ran,
  };
}

/** Twice, so that the second shows whether a clock or an order is in it. */
async function build(stage: ProofStage, podman: Podman, bases: BaseImages): Promise<Built> {
  const options = { podman, bases, context: snapshot(stage), commit: latestCommit() };
  const service = { ...options, target: 'service', cache: 'none' } as const;
  stage.say('Building the image twice, and the one with the fleet.');
  const image = await buildImage({ ...service, name: 'localhost/fleetwire:proof' });
  const again = await buildImage({ ...service, name: 'localhost/fleetwire:again' });
  assert.equal(again.id, image.id, 'two builds of the same files');
  const fleet = { ...options, target: 'fleet', cache: 'use' } as const;
  const fleetImage = await buildImage({ ...fleet, name: 'localhost/fleetwire-fleet:proof' });
  return { image, fleetImage };
}

interface Built {
  readonly image: BuiltImage;
  readonly fleetImage: BuiltImage;
}

/** Both builds are of the same files, whatever happens in the clone meanwhile. */
function snapshot(stage: ProofStage): string {
  const context = mkdtempSync(join(tmpdir(), 'fleetwire-context-'));
  stage.after(() => rmSync(context, { recursive: true, force: true }));
  const names = [
    ...['package.json', 'package-lock.json', '.npmrc', '.dockerignore', 'LICENSE'],
    ...['services', 'shared', 'loadtest', 'deploy'],
  ];
  for (const name of names) cpSync(join(root, name), join(context, name), { recursive: true });
  return context;
}

interface Ship {
  readonly podman: Podman;
  readonly image: string;
  readonly fleetImage: string;
  readonly stack: Stack;
}

async function runServices(stage: ProofStage, ship: Ship): Promise<Figures> {
  const { podman, image, stack } = ship;
  const ids = mkdtempSync(join(tmpdir(), 'fleetwire-ids-'));
  stage.after(() => rmSync(ids, { recursive: true, force: true }));
  chmodSync(ids, 0o777);
  await release(stage, ship, ids);
  await assertFaultsTold(ship);

  const env = {
    ...environmentOf(stack, {}),
    ...{ REGISTRY_IDS_FILE: '/ids/schema-ids.json', OPS_HOST: '127.0.0.1', OPS_PORT: '0' },
  };
  const start = (room: string) => {
    const command = [`services/${room}/main.ts`];
    return startContainer({ podman, image, name: room, command, env, volumes: [`${ids}:/ids:ro`] });
  };
  const rooms = deployments();
  stage.say(`Starting ${rooms.join(', ')} from the image.`);
  const containers = await Promise.all(rooms.map(start));
  stage.after(() => Promise.all(containers.map(({ service }) => service.process.kill())));
  await Promise.all(containers.map(({ service }) => service.whenReady()));
  for (const container of containers) {
    await container.assertLocked();
    await askHealth(container);
  }
  await takeOutRules(stage, ship);
  const traffic = await drive(stage, ship, containers);
  stage.say('A fleet from its image.');
  await runFleet({ podman, image: ship.fleetImage }, stack);
  const mib = await figuresOf(containers, 'MiB', (container) => container.residentMib());
  const seconds = await figuresOf(containers, 'drained after s', stopped);
  return { services: rooms.join(', '), ...traffic, ...mib, ...seconds };
}

/** Every service that is a Deployment; the command line is none. */
function deployments(): readonly string[] {
  return readdirSync(join(root, 'services')).filter(
    (room) => room !== 'cli' && existsSync(join(root, 'services', room, 'main.ts')),
  );
}

/** What the release job does, by the image itself. */
async function release(stage: ProofStage, ship: Ship, ids: string): Promise<void> {
  const { podman, image, stack } = ship;
  const { KAFKA_BROKERS, REGISTRY_URL } = environmentOf(stack, {});
  const apply = (what: string, env: Readonly<Record<string, string | undefined>>) => {
    const command = ['services/cli/main.ts', what, 'apply'];
    const name = `apply-${what}`;
    return runToEnd({ podman, image, name, command, env, volumes: [`${ids}:/ids`] });
  };
  const topics = await apply('topics', {
    ...{ KAFKA_BROKERS, TOPICS_REPLICATION: '1', TOPICS_MIN_ISR: '1' },
  });
  assert.match(topics, /created vehicle\.telemetry\.v1/);
  const schemas = { REGISTRY_URL, REGISTRY_IDS_FILE: '/ids/schema-ids.json' };
  await apply('schemas', schemas);
  assert.deepEqual(readdirSync(ids), ['schema-ids.json']);
  stage.say('Topics and schemas are applied by the image.');
}

/** Without a setting: every fault on stderr, exit code 78. */
async function assertFaultsTold({ podman, image }: Ship): Promise<void> {
  const command = ['services/bridge/main.ts'];
  const { service } = await startContainer({ podman, image, name: 'unset', command, env: {} });
  const { code } = await service.process.exited;
  assert.equal(code, 78, service.output.join('\n'));
  for (const name of ['MQTT_URL', 'KAFKA_BROKERS', 'REGISTRY_URL']) {
    assert.ok(
      service.output.some((line) => line.includes(`${name} is not set`)),
      name,
    );
  }
}

/** A fleet sends; every frame must be in Kafka and the state of a vehicle in Redis. */
async function drive(
  stage: ProofStage,
  { podman, image, stack }: Ship,
  containers: readonly Container[],
): Promise<Figures> {
  const bridges = containers.map(({ service }) => service).filter(({ name }) => name === 'bridge');
  const ground = await openGround(stack, { scope: stage });
  const fleet = await openFleet(stage, { ground, seed: 71, vehicles, messagesPerVehicle });
  const watch = watchLedgers(stage, bridges);
  await fleet.send();
  await fleet.whenAnswered();
  await fleet.whenAcked(watch);
  await watch.stop();
  const { conservation } = watch;
  const found = await fleet.check({ conservation, redeliveryMax: 0 });
  const { KAFKA_BROKERS, REGISTRY_URL, REDIS_URL } = environmentOf(stack, {});
  const [first] = fleet.messages;
  await eventually('the state of a vehicle in Redis', async () => {
    const command = ['services/cli/main.ts', 'vehicle', first?.vehicleId ?? ''];
    const env = { KAFKA_BROKERS, REGISTRY_URL, REDIS_URL };
    assert.match(
      await runToEnd({ podman, image, name: 'vehicle', command, env }),
      /state from Redis/,
    );
  });
  return {
    frames: found.sentCount,
    stored: found.storedCount,
    quarantined: found.quarantinedCount,
    lost: found.lost.acked.count + found.lost.unrouted.count,
  };
}

async function stopped(container: Container): Promise<number> {
  const seconds = await container.stop();
  const said = container.service.log.map(({ msg }) => msg);
  const wanted = ['Asked to stop; draining.', 'Stopped.'];
  assert.deepEqual(
    wanted.filter((sentence) => !said.includes(sentence)),
    [],
    container.service.output.join('\n'),
  );
  return seconds;
}

async function figuresOf(
  containers: readonly Container[],
  unit: string,
  measure: (container: Container) => Promise<number>,
): Promise<Figures> {
  const figures: Record<string, number> = {};
  for (const container of containers) {
    figures[`${container.service.name} ${unit}`] = await measure(container);
  }
  return figures;
}
