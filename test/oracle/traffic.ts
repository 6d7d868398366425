// Simulated hours of a fleet as the records that bridges would have stored: late, twice, out of
// order, with clocks that are wrong, and now and then one that nobody can read. Seeded.

import { planFleet } from '#loadtest/fleet/fleet.ts';
import { gb2016Only } from '#loadtest/fleet/mix.ts';
import { createRandom } from '#loadtest/fleet/random.ts';
import { SimulatedCar } from '#loadtest/fleet/simulated-car.ts';
import type { Encoders } from '#shared/avro/encoder.ts';
import { createIngest } from '#shared/ingest/ingest.ts';
import { defaultRoutes, type KafkaTopic } from '#shared/topics.ts';
import { BrokenRecords } from './broken-records.ts';
import { brokerEventsOf } from './broker-events.ts';
import { habitsOf } from './habits.ts';
import { type Delivery, Network } from './network.ts';
import { type DueSending, sendingsOf } from './sendings.ts';

export interface TrafficPlan {
  readonly vehicles: number;
  readonly seed: number;
  /** Epoch ms. */
  readonly startAt: number;
  readonly hours: number;
  readonly reportPeriodMs: number;
}

export interface ArrivedRecord {
  readonly kafkaTopic: KafkaTopic;
  readonly key: Buffer;
  readonly value: Buffer;
}

export interface Traffic {
  /** Epoch ms: everything has arrived before. */
  readonly endAt: number;
  /** Records that cannot be read, so far. */
  readonly brokenCount: number;
  /** What arrives from the time of the call before until this one, in order; times ascend. */
  until(at: number): readonly ArrivedRecord[];
}

const hourMs = 3_600_000;
/** Longer than any delay, shorter than the silence after which a vehicle counts as silent. */
const graceMs = 70_000;
const payloadBytesMax = 65_536;

export async function createTraffic(plan: TrafficPlan, encoders: Encoders): Promise<Traffic> {
  const { seed, startAt, hours } = plan;
  const span = { from: startAt, to: startAt + hours * hourMs };
  const seconds = hours * 3_600;
  const journeys = await planFleet({
    ...plan,
    mix: gb2016Only,
    seconds,
    badShare: 0,
    payloadBytesMax,
  });
  const network = new Network(createRandom(seed, 2_000_000), span.to);
  const broken = new BrokenRecords(createRandom(seed, 3_000_000));
  const recordsOf = await createReceipt(encoders);
  const sources = journeys.map((journey, vehicle) => {
    const habits = habitsOf(vehicle, { seed, ...span });
    const vehicleId = new SimulatedCar(seed, vehicle).car.vin;
    for (const event of brokerEventsOf(vehicleId, habits)) network.tell(event);
    return new Source(sendingsOf(journey, habits));
  });
  return {
    endAt: span.to + graceMs,
    get brokenCount() {
      return broken.count;
    },
    until(at) {
      for (const source of sources) {
        for (const sending of source.before(at)) network.send(sending);
      }
      const records = network.arrivalsBefore(at).flatMap(recordsOf);
      return records.flatMap((record) => [record, ...broken.behind(record)]);
    },
  };
}

/** A journey that is driven step by step. */
class Source {
  readonly #sendings: Iterator<DueSending>;
  #next: DueSending | undefined;

  constructor(sendings: Iterator<DueSending>) {
    this.#sendings = sendings;
    this.#next = this.#draw();
  }

  *before(at: number): Generator<DueSending> {
    while (this.#next !== undefined && this.#next.dueAt < at) {
      yield this.#next;
      this.#next = this.#draw();
    }
  }

  #draw(): DueSending | undefined {
    const drawn = this.#sendings.next();
    return drawn.done ? undefined : drawn.value;
  }
}

/** What a bridge makes of a delivery. */
async function createReceipt(
  encoders: Encoders,
): Promise<(delivery: Delivery) => readonly ArrivedRecord[]> {
  const ingest = await createIngest({
    routes: defaultRoutes,
    encoders,
    payloadBytesMax,
    answerReports: false,
    answerRefusals: false,
  });
  let sequence = 0;
  return ({ bridge, receivedAt, content }) => {
    sequence += 1;
    const origin = { bridge, epoch: 1, sequence };
    if (content.kind === 'message') {
      const { mqttTopic, payload } = content;
      const { records, frameCount } = ingest({ mqttTopic, payload, receivedAt, origin });
      sequence += frameCount;
      return records;
    }
    const { kafkaTopic, value } = content;
    const record = encoders.encodeLifecycle(kafkaTopic, { ...value, origin });
    return [{ kafkaTopic, key: Buffer.from(value.vehicleId), value: record }];
  };
}
