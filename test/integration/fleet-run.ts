// A seeded fleet that sends when the test says so, with the ledger of what it sent in memory, and
// the check of that ledger against Kafka.

import assert from 'node:assert/strict';
import { answerKey } from '#loadtest/fleet/answer-key.ts';
import { driveFleet, type FleetBook, planFleet } from '#loadtest/fleet/fleet.ts';
import { gb2016Only, type Mix } from '#loadtest/fleet/mix.ts';
import type { PlannedMessage } from '#loadtest/fleet/planned.ts';
import { Uplink } from '#loadtest/fleet/uplink.ts';
import { checkLedger, type Reconciliation } from '#loadtest/ledger/check.ts';
import type { Conservation } from '#loadtest/ledger/conservation.ts';
import { type Entry, type FaultEntry, type Ledger, ledgerOf } from '#loadtest/ledger/entries.ts';
import { renderReconciliation } from '#loadtest/ledger/reconciliation.ts';
import { storedRecordOf } from '#loadtest/ledger/record-fields.ts';
import type { PartitionEnds } from '#shared/kafka/reader.ts';
import { linkSettingsOf } from '#shared/mqtt/settings.ts';
import { eventually } from './eventually.ts';
import type { Ground, Stored } from './ground.ts';
import type { LedgerWatch } from './ledger-watch.ts';
import type { Scope } from './scope.ts';

export interface FleetRunOptions {
  readonly ground: Ground;
  readonly seed: number;
  readonly vehicles: number;
  /** About so many messages each. */
  readonly messagesPerVehicle: number;
  /** Refused frames among all frames, 0 to 1. */
  readonly badShare?: number;
  /** Default: GB/T 32960.3-2016 alone. */
  readonly mix?: Mix;
  /** Between two reports of a car, by its own clock. Default 5 s. */
  readonly reportPeriodMs?: number;
}

const reportPeriodMsDefault = 5_000;
const uplinkCount = 4;

/** Connected; disconnects with the test. */
export async function openFleet(t: Scope, options: FleetRunOptions): Promise<FleetRun> {
  const { ground, seed, vehicles, messagesPerVehicle, badShare = 0.05 } = options;
  const { reportPeriodMs = reportPeriodMsDefault } = options;
  const seconds = (messagesPerVehicle * reportPeriodMs) / 1000;
  // What it sends lies in the past already: so it can be sent as fast as a test wants.
  const startAt = Date.now() - seconds * 1000;
  const mix = options.mix ?? gb2016Only;
  const plan = { vehicles, mix, seed, startAt, seconds, reportPeriodMs, badShare };
  const journeys = await planFleet({ ...plan, payloadBytesMax: 65_536 });
  const run = new FleetRun(ground, await ground.mark(), journeys);
  t.after(() => run.close());
  await run.open(seed);
  return run;
}

export interface AckedOptions {
  readonly withinMs?: number;
  /** Frames that the same bridges had acknowledged before this fleet came. */
  readonly alreadyCount?: number;
  /** See `LedgerWatch.whenAcked`. */
  readonly mayRepeat?: boolean;
}

export interface CheckOptions {
  readonly conservation: Conservation;
  /** Frames that may be there twice because of the faults that were told. */
  readonly redeliveryMax: number;
}

export class FleetRun implements FleetBook {
  /** Of frames; each with its PUBACK when no `send` is under way. */
  sentCount = 0;
  /** Messages with a PUBACK. */
  ackedMessageCount = 0;
  answersWantedCount = 0;
  answerCount = 0;
  /** In the order in which they left: message 1 is the first. */
  readonly messages: PlannedMessage[] = [];

  readonly #ground: Ground;
  readonly #mark: PartitionEnds;
  readonly #journeys: readonly Iterator<PlannedMessage>[];
  readonly #entries: Entry[] = [];
  readonly #stop = new AbortController();
  #uplinks: readonly Uplink[] = [];

  constructor(ground: Ground, mark: PartitionEnds, journeys: readonly Iterable<PlannedMessage>[]) {
    this.#ground = ground;
    this.#mark = mark;
    this.#journeys = journeys.map((journey) => journey[Symbol.iterator]());
  }

  async open(seed: number): Promise<void> {
    const link = linkSettingsOf(this.#ground.config);
    const { signal } = this.#stop;
    const onAnswer = (topic: string, payload: Buffer) => this.answered(topic, payload);
    this.#uplinks = Array.from({ length: uplinkCount }, (_, index) => {
      const clientId = `fleet-${process.pid}-${seed}-${index}`;
      const answers = index === 0 ? { filter: 'v1/dn/+/gb32960', onAnswer } : undefined;
      return new Uplink({ link, clientId, signal, ...(answers && { answers }) });
    });
    await Promise.all(this.#uplinks.map((uplink) => uplink.open()));
  }

  /**
   * The next messages of each vehicle (all that are left where none are counted), as fast as their
   * PUBACKs come or, with `overMs`, spread evenly over that time. Resolves with the last PUBACK.
   */
  async send(perVehicle = Number.POSITIVE_INFINITY, overMs = 0): Promise<void> {
    const beginAt = Date.now();
    const stepMs = overMs / perVehicle;
    const journeys = this.#journeys.map((journey, vehicle) => {
      const offset = vehicle / this.#journeys.length;
      const dueAtOf = (index: number) => (overMs === 0 ? 0 : beginAt + (index + offset) * stepMs);
      return nextOf(journey, perVehicle, dueAtOf);
    });
    await this.drive(journeys);
  }

  /** Others beside its own, each message when it is due, in the same ledger. */
  async drive(journeys: readonly Iterable<PlannedMessage>[]): Promise<void> {
    const uplinkOf = (vehicle: number) => this.#uplinks[vehicle % uplinkCount] as Uplink;
    await driveFleet({ journeys, book: this, uplinkOf, signal: this.#stop.signal });
  }

  sent(message: PlannedMessage): number {
    const { vehicleId, frames } = message;
    const messageNo = this.messages.push(message);
    this.#entries.push({ entry: 'sent', messageNo, vehicleId, at: Date.now(), frames });
    this.sentCount += frames.length;
    this.answersWantedCount += frames.filter(({ answer }) => answer !== null).length;
    return messageNo;
  }

  again(messageNo: number): void {
    this.#entries.push({ entry: 'again', messageNo, at: Date.now() });
  }

  acked(messageNo: number, reasonCode: number): void {
    this.#entries.push({ entry: 'acked', messageNo, at: Date.now(), reasonCode });
    this.ackedMessageCount += 1;
  }

  answered(mqttTopic: string, payload: Buffer): void {
    const vehicleId = mqttTopic.split('/')[2] ?? '';
    this.#entries.push({ entry: 'answer', vehicleId, at: Date.now(), key: answerKey(payload) });
    this.answerCount += 1;
  }

  /** All that was written down so far. */
  get ledger(): Ledger {
    return ledgerOf(this.#entries);
  }

  /** Tells the ledger of something broken whose time is known. */
  broken(fault: Omit<FaultEntry, 'entry'>): void {
    this.#entries.push({ entry: 'fault', ...fault });
  }

  /** Breaks something that may make frames come twice, and tells the ledger when that was. */
  async breaking(what: string, act: () => Promise<unknown>): Promise<void> {
    const at = Date.now();
    await act();
    this.#entries.push({ entry: 'fault', at, untilAt: Date.now(), what });
  }

  /** Resolves when the vehicles have heard as many answers as they wait for. */
  async whenAnswered(): Promise<void> {
    await eventually('every answer', () => {
      const found = `${this.answerCount} of ${this.answersWantedCount}`;
      assert.ok(this.answerCount >= this.answersWantedCount, found);
    });
  }

  stored(): Promise<readonly Stored[]> {
    return this.#ground.storedSince(this.#mark);
  }

  /** Resolves when bridges have acknowledged all that was sent; else tells what is missing. */
  async whenAcked(
    watch: LedgerWatch,
    { withinMs, alreadyCount = 0, mayRepeat }: AckedOptions = {},
  ): Promise<void> {
    try {
      await watch.whenAcked(this.sentCount + alreadyCount, withinMs, mayRepeat);
    } catch (error) {
      const options = { conservation: watch.conservation, redeliveryMax: 0 };
      const found = await this.#reconcile(options).catch(({ message }) => message);
      const lines = typeof found === 'string' ? [found] : this.#explain(found);
      throw new Error(`${(error as Error).message}\n${lines.join('\n')}`, { cause: error });
    }
  }

  /** Fails with all that does not add up: which frames, of which vehicle, with which bytes. */
  async check(options: CheckOptions): Promise<Reconciliation> {
    const found = await this.#reconcile(options);
    assert.ok(found.isBalanced, `\n${this.#explain(found).join('\n')}`);
    return found;
  }

  async #reconcile(options: CheckOptions): Promise<Reconciliation> {
    const records = (await this.stored()).map(({ record, decoded }) => {
      const { topic: kafkaTopic, partition, offset, timestamp: appendedAt, key } = record;
      const place = { kafkaTopic, partition, offset, appendedAt, key: String(key) };
      return storedRecordOf(place, decoded.value);
    });
    // One machine, one clock.
    return checkLedger({ ledger: ledgerOf(this.#entries), records, skewMs: 0, ...options });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#uplinks.map((uplink) => uplink.close().catch(() => undefined)));
  }

  /** With the bytes of the messages that the lines name. */
  #explain(found: Reconciliation): readonly string[] {
    const lines = renderReconciliation(found);
    const named = lines.flatMap((line) => [...line.matchAll(/message (\d+)/g)]);
    const numbers = new Set(named.map(([, messageNo]) => Number(messageNo)));
    const bytes = [...numbers].map((messageNo) => {
      const { mqttTopic, payload } = this.messages[messageNo - 1] as PlannedMessage;
      return `  message ${messageNo} to ${mqttTopic}: ${payload.toString('hex')}`;
    });
    return [...lines, ...bytes];
  }
}

function* nextOf(
  journey: Iterator<PlannedMessage>,
  count: number,
  dueAtOf: (index: number) => number,
): Generator<PlannedMessage> {
  for (let index = 0; index < count; index += 1) {
    const next = journey.next();
    if (next.done) return;
    yield { ...next.value, dueAt: dueAtOf(index) };
  }
}
