// Names that cannot be resolved: of the registry, of Kafka, of the broker; by an error or by a
// resolver that hangs; when a bridge starts and when it runs. Brokers of its own, behind proxies.

import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import { hostNames, openBed } from '../chaos/bed.ts';
import { Crew } from '../chaos/crew.ts';
import type { Resolution } from '../names/hosts.ts';
import type { BridgeProcess } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openFleet } from './fleet-run.ts';

const scope = { passed: true, after };
const say = (line: string) => void process.stderr.write(`${line}\n`);
const bed = await openBed({ brokers: 1, bridges: 2, scope, say });
const { hosts, proxies } = bed;

const kafkaName = 'kafka-1.fleetwire.test';
/** So that what hangs is found out soon. */
const impatient = {
  MQTT_CONNECT_TIMEOUT_MS: '3000',
  KAFKA_CONNECT_TIMEOUT_MS: '600',
  KAFKA_REQUEST_TIMEOUT_MS: '2000',
  REGISTRY_TIMEOUT_MS: '800',
  BRIDGE_BROKER_QUEUE_FRAMES: '100000',
};

function crewOf(t: TestContext): Crew {
  t.after(() => hosts.set('answers'));
  return new Crew({ bed, scope: t, settings: impatient });
}

const mqttAway = 'The MQTT connection is away; connecting again.';
const kafkaAway = 'Kafka takes no records; holding acknowledgements and trying again.';

/** Links that end soon after one another wait for up to 30 s each. */
const backMsMax = 60_000;

const kinds: readonly Resolution[] = ['ENOTFOUND', 'EAI_AGAIN', 'hangs'];
/** Errors differ by their names alone. */
const spells: readonly Resolution[] = ['EAI_AGAIN', 'hangs'];

for (const kind of kinds) {
  test(`a bridge that starts while names end in ${kind} says so once for each and becomes ready by itself`, async (t) => {
    const crew = crewOf(t);
    hosts.set(kind);
    const bridge = await crew.spawn(0, { REGISTRY_IDS_FILE: null });
    await told(bridge, ['Schema registry']);
    hosts.set('answers', [hostNames.registry]);
    await told(bridge, ['Schema registry', 'Kafka']);
    const { status, report } = await bridge.askReady();
    assert.deepEqual([status, report.unready], [503, ['kafka', 'mqtt']]);
    hosts.set('answers', [kafkaName]);
    await told(bridge, ['Schema registry', 'Kafka', mqttAway, mqttAway]);
    assert.deepEqual((await bridge.readyz()).unready, ['mqtt']);
    hosts.set('answers');
    await bridge.whenReady();
    await told(bridge, ['Schema registry', 'Kafka', mqttAway, mqttAway]);
    await bridge.stop();
  });
}

test('a running bridge whose names are lost holds what it has, says so once, loses nothing and comes back', async (t) => {
  const crew = crewOf(t);
  await crew.fill();
  const [hit, other] = crew.all as [BridgeProcess, BridgeProcess];
  const ground = bed.carGround;
  const fleet = await openFleet(t, { ground, seed: 201, vehicles: 40, messagesPerVehicle: 40 });
  await fleet.send(10);
  for (const [at, kind] of spells.entries()) {
    await fleet.breaking(`names end in ${kind}`, async () => {
      hosts.set(kind);
      proxies.kafka[0]?.resetAll();
      proxies.bridges[0]?.resetAll();
      await fleet.send(5);
      await Promise.all([unready(hit, 'mqtt'), unready(other, 'kafka')]);
      await told(other, new Array(at + 1).fill(kafkaAway));
      hosts.set('answers');
      await Promise.all([hit, other].map((bridge) => bridge.whenReady(backMsMax)));
    });
  }
  await fleet.send();
  // Connections were cut with PUBACKs on their way.
  await fleet.whenAcked(crew.watch, { mayRepeat: true });
  await crew.watch.stop();
  await fleet.check({ conservation: crew.watch.conservation, redeliveryMax: 4_000 });
  const links = hit.log.filter(({ msg }) => msg === mqttAway);
  assert.equal(
    links.length,
    2 * spells.length,
    links.map((line) => JSON.stringify(line)).join('\n'),
  );
});

test('a name that hangs keeps nobody from finding another one', async (t) => {
  const crew = crewOf(t);
  await crew.start(0);
  const bridge = crew.at(0);
  const hole = { direction: 'up', toxic: { kind: 'timeout' } } as const;
  proxies.kafka[0]?.add(hole);
  const ground = bed.carGround;
  const fleet = await openFleet(t, { ground, seed: 202, vehicles: 20, messagesPerVehicle: 5 });
  await fleet.send();
  await eventually('all frames wait for Kafka', async () => {
    assert.equal((await bridge.metrics()).sum('frames_in_flight'), fleet.sentCount);
  });
  hosts.set('hangs', [hostNames.mqtt]);
  proxies.bridges[0]?.resetAll();
  await eventually('both connections ask for the name', async () => {
    assert.ok((await bridge.metrics()).sum('mqtt_links_total') >= 4);
  });
  proxies.kafka[0]?.remove(hole);
  proxies.kafka[0]?.resetAll();
  await eventually('what was held is stored', async () => {
    assert.ok((await bridge.metrics()).sum('records_stored_total') >= fleet.sentCount);
  });
  assert.deepEqual((await bridge.readyz()).unready, ['mqtt']);
  hosts.set('answers');
  await bridge.whenReady();
  await bridge.stop();
});

/** What is no good news, in its order: the neighbour that is away, or the sentence. */
function troublesOf({ log }: BridgeProcess): readonly string[] {
  return log.filter(({ level }) => level !== 'info').map(({ msg, what }) => String(what ?? msg));
}

/** Exactly these troubles, sooner or later. */
function told(bridge: BridgeProcess, wanted: readonly string[]): Promise<void> {
  return eventually(`${bridge.name} tells ${wanted.at(-1)}`, () => {
    assert.deepEqual(troublesOf(bridge), wanted);
  });
}

function unready(bridge: BridgeProcess, part: string): Promise<void> {
  return eventually(`${bridge.name} is not ready: ${part}`, async () => {
    const { status, report } = await bridge.askReady();
    assert.equal(status, 503);
    assert.ok(report.unready.includes(part), JSON.stringify(report));
  });
}
