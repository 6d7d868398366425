// A small world for the bridge of a source tree: real cars on real connections, the model of EMQX,
// a witness between it and the bridges, Kafka in memory. What became of each frame is told by the
// verdict of chaos.

import { setTimeout as pause } from 'node:timers/promises';
import { clientConfigOf } from '#loadtest/demo/addresses.ts';
import { createRandom } from '#loadtest/fleet/random.ts';
import { Conservation } from '#loadtest/ledger/conservation.ts';
import { storedRecordOf } from '#loadtest/ledger/record-fields.ts';
import { createDecoder } from '#shared/avro/decoder.ts';
import type { SchemaIds } from '#shared/avro/encoder.ts';
import { topicSpecs } from '#shared/topics.ts';
import type { Excuses } from '../../chaos/faults/fault.ts';
import { TcpProxy } from '../../chaos/proxy/tcp-proxy.ts';
import { whenSettled } from '../../chaos/settle.ts';
import { Timeline } from '../../chaos/timeline.ts';
import { verdictOf } from '../../chaos/verdict/verdict.ts';
import { MqttWitness } from '../../chaos/witness/mqtt-witness.ts';
import { EmqxModel } from '../../emqx-model/emqx-model.ts';
import { type FleetRun, openFleet } from '../../integration/fleet-run.ts';
import type { Ground, Stored } from '../../integration/ground.ts';
import type { Played, ScenarioStage } from '../plant.ts';
import { type DupMarker, startDupMarker } from './dup-marker.ts';
import { type SmallBridge, startSmallBridge } from './small-bridge.ts';
import { SmallKafka } from './small-kafka.ts';

export interface WorldPlan {
  readonly seed: number;
  readonly vehicles: number;
  readonly messagesPerVehicle: number;
  readonly badShare: number;
}

interface Inhabitant {
  readonly bridge: SmallBridge;
  readonly proxy: TcpProxy;
}

const ids = Object.fromEntries(topicSpecs.map(({ topic }, at) => [topic, at + 1])) as SchemaIds;
const scrapeEveryMs = 20;

export class SmallWorld {
  readonly kafka: SmallKafka;
  readonly fleet: FleetRun;
  readonly #model: EmqxModel;
  readonly #marker: DupMarker;
  readonly #treeDir: string;
  readonly #witness = new MqttWitness();
  readonly #timeline = new Timeline();
  readonly #conservation = new Conservation();
  readonly #startAt = Date.now();
  readonly #bridges = new Map<string, Inhabitant>();

  private constructor(treeDir: string, { model, kafka, fleet, marker }: Parts) {
    this.#treeDir = treeDir;
    this.#model = model;
    this.kafka = kafka;
    this.fleet = fleet;
    this.#marker = marker;
  }

  static async open(treeDir: string, plan: WorldPlan, stage: ScenarioStage): Promise<SmallWorld> {
    const model = await EmqxModel.start({ maxInflight: 4_000, maxMqueueLen: 100_000 });
    stage.after(() => model.stop());
    const marker = await startDupMarker(model.port);
    stage.after(() => marker.close());
    const kafka = new SmallKafka(createRandom(plan.seed, 77));
    const scope = { passed: true, after: stage.after };
    const fleet = await openFleet(scope, { ground: groundOf(model.url, kafka), ...plan });
    const world = new SmallWorld(treeDir, { model, kafka, fleet, marker });
    const timer = setInterval(() => void world.#scrapeAll(), scrapeEveryMs);
    stage.after(() => world.#end(timer));
    return world;
  }

  /** Resolves when it is subscribed. */
  async join(name: string): Promise<void> {
    const server = { host: '127.0.0.1', port: this.#marker.port };
    const tap = () => this.#witness.tap(name);
    const proxy = new TcpProxy({ name, port: 0, server, tap });
    await proxy.up();
    const bridge = await startSmallBridge({
      treeDir: this.#treeDir,
      name,
      mqttUrl: `mqtt://127.0.0.1:${proxy.port}`,
      port: this.kafka.port(),
      ids,
    });
    this.#bridges.set(name, { bridge, proxy });
    await this.whenSubscribed(name);
  }

  async whenSubscribed(name: string): Promise<void> {
    await until(`${name} is subscribed`, () => this.#at(name).bridge.isSubscribed());
  }

  /** Resolves when it has noticed the end of a connection. */
  async whenCut(name: string): Promise<void> {
    await until(`${name} has lost a connection`, () => !this.#at(name).bridge.isSubscribed());
  }

  /** SIGKILL, with what it holds; the broker learns of it by the end of its connections. */
  async kill(name: string): Promise<void> {
    const { bridge, proxy } = this.#at(name);
    await this.#scrapeAll();
    this.#bridges.delete(name);
    bridge.kill();
    await proxy.down();
  }

  async drain(name: string): Promise<void> {
    const { bridge, proxy } = this.#at(name);
    await bridge.drain();
    await this.#scrapeAll();
    this.#bridges.delete(name);
    await proxy.down();
  }

  /** Its connections end in the midst of it. */
  cut(name: string): void {
    this.#at(name).proxy.resetAll();
  }

  /** What is un-acknowledged comes once more, with DUP; resolves when it has. */
  async repeat(): Promise<void> {
    const wanted = this.#witness.repeatedCount + this.#witness.outstandingCount;
    this.#model.repeatUnacknowledged();
    await until('all was repeated', () => this.#witness.repeatedCount >= wanted);
  }

  /** Resolves when every message that was sent has been handed to a bridge. */
  async whenAllHanded(): Promise<void> {
    const { messages } = this.fleet;
    const handed = () => this.#witness.outstandingCount + this.#witness.ackedCount;
    await until('all that was sent is handed on', () => handed() >= messages.length);
  }

  /** What happens meanwhile is the reason of what `excuses` names. */
  async fault(name: string, excuses: Excuses, act: () => Promise<unknown>): Promise<void> {
    const what = 'in a small world';
    const happening = this.#timeline.begins({ name, what, excuses, at: Date.now() });
    await act();
    happening.untilAt = Date.now();
    const { at, untilAt } = happening;
    if (excuses.connectionsEnd) this.fleet.broken({ what: name, at, untilAt });
  }

  /** When all has arrived that can: what was found broken. */
  async judge(): Promise<Played> {
    await whenSettled(this.fleet, this.#witness);
    await this.#scrapeAll();
    await this.fleet.close();
    const records = (await this.fleet.stored()).map(({ record, decoded }) => {
      const { topic: kafkaTopic, partition, offset, timestamp: appendedAt, key } = record;
      const place = { kafkaTopic, partition, offset, appendedAt, key: String(key) };
      return storedRecordOf(place, decoded.value);
    });
    const { breaches, frames } = verdictOf({
      ledger: this.fleet.ledger,
      messages: this.fleet.messages,
      records,
      witness: this.#witness,
      happenings: this.#timeline.happenings,
      conservation: this.#conservation,
      startAt: this.#startAt,
    });
    return { frames, findings: breaches };
  }

  #at(name: string): Inhabitant {
    const found = this.#bridges.get(name);
    if (found === undefined) throw new Error(`no bridge ${name}`);
    return found;
  }

  async #scrapeAll(): Promise<void> {
    for (const { bridge } of this.#bridges.values()) {
      this.#conservation.add(bridge.name, await bridge.metrics());
    }
  }

  async #end(timer: NodeJS.Timeout): Promise<void> {
    clearInterval(timer);
    for (const { bridge, proxy } of this.#bridges.values()) {
      bridge.kill();
      await proxy.down();
    }
  }
}

interface Parts {
  readonly model: EmqxModel;
  readonly kafka: SmallKafka;
  readonly fleet: FleetRun;
  readonly marker: DupMarker;
}

/** What a fleet stands on: cars on the model's own port, records from memory. */
function groundOf(mqttUrl: string, kafka: SmallKafka): Ground {
  const addresses = { mqttUrl, kafkaBrokers: '127.0.0.1:1', registryUrl: 'http://127.0.0.1:1' };
  const decoder = createDecoder({ ids, schemaById: async () => null });
  const storedOf = async (record: SmallKafka['records'][number]): Promise<Stored> => {
    const decoded = await decoder.decode(record.value ?? Buffer.alloc(0));
    if (decoded.kind === 'fault' || decoded.kind === 'state.v1') throw new Error(decoded.kind);
    return { record, decoded };
  };
  return {
    addresses,
    idsFile: '',
    config: clientConfigOf(addresses, {}),
    mark: async () => new Map(),
    storedSince: () => Promise.all(kafka.records.map(storedOf)),
  };
}

const untilMsMax = 10_000;

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadlineAt = Date.now() + untilMsMax;
  while (!isSo()) {
    if (Date.now() > deadlineAt) throw new Error(`wanted within ${untilMsMax} ms: ${what}`);
    await pause(5);
  }
}
