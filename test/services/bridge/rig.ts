// A bridge in a test: real intake, message path, lanes and ledger; a fake link, a fake Kafka whose
// answers the test gives, and an ingest that makes one record of each payload.

import { HeldBytes } from '#services/bridge/held-bytes.ts';
import type { LaneLimits } from '#services/bridge/lane.ts';
import { LaneHealth } from '#services/bridge/lane-health.ts';
import { Lanes } from '#services/bridge/lanes.ts';
import { Ledger } from '#services/bridge/ledger.ts';
import { MessagePath } from '#services/bridge/message.ts';
import { type BridgeCounters, createCounters } from '#services/bridge/metrics.ts';
import { Intake, type IntakeOptions } from '#services/bridge/source/intake.ts';
import type { Answer, Ingest, IngestMessage } from '#shared/ingest/contract.ts';
import type { Link } from '#shared/mqtt/link.ts';
import type { Delivery } from '#shared/mqtt/publish-reader.ts';
import { createLogger, type Logger } from '#shared/runtime/log.ts';
import { createRegistry } from '#shared/runtime/metrics.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { FakeKafka, FakeLink } from './fakes.ts';

export interface RigOptions {
  readonly laneCount?: number;
  readonly limits?: Partial<LaneLimits>;
  readonly windowMax?: number;
  readonly heldBytesMax?: number;
  readonly ingest?: Ingest;
}

export interface BridgeRig {
  readonly kafka: FakeKafka;
  readonly ledger: Ledger;
  readonly lanes: Lanes;
  readonly heldBytes: HeldBytes;
  readonly counters: BridgeCounters;
  readonly health: LaneHealth;
  readonly logLines: Record<string, unknown>[];
  readonly log: Logger;
  readonly path: MessagePath;
  connect(): FakeConnection;
}

export interface FakeConnection {
  readonly link: FakeLink;
  readonly intake: Intake;
  /** True once the pump may go on; false while the bridge withholds it. */
  deliver(delivery: Partial<Delivery> & { payload: Buffer }): { isNextCalled: boolean };
}

export function createRig(options: RigOptions = {}): BridgeRig {
  const kafka = new FakeKafka();
  const ledger = new Ledger();
  const heldBytes = new HeldBytes(options.heldBytesMax ?? 1e9);
  const counters = createCounters(createRegistry('test'));
  const logLines: Record<string, unknown>[] = [];
  const write = (line: string) => void logLines.push(JSON.parse(line));
  const log = createLogger({ level: 'info', name: 'test', destination: { write } });
  const health = new LaneHealth(log);
  const lanes: Lanes = new Lanes({
    count: options.laneCount ?? 1,
    producer: kafka,
    // The first byte of the key says the partition.
    partitionOf: (_topic, key) => key[0] ?? 0,
    limits: { batchRecords: 1000, batchBytes: 1e6, batchAgeMs: 0, ...options.limits },
    events: {
      stored: (record) => path.recordStored(record),
      refused: (record, detail) => path.recordRefused(record, detail),
    },
    counters,
    health,
    random: () => 0,
  });
  const path: MessagePath = new MessagePath({
    bridge: 'test',
    ingest: options.ingest ?? ingestOf(),
    refuse: (input, { detail, keptBytesMax }) => ({
      kafkaTopic: kafkaTopics.quarantine,
      key: keyOf(input),
      value: Buffer.from(
        `refused ${Buffer.from(input.payload).toString('latin1', 0, keptBytesMax)} ${detail}`,
      ),
    }),
    lanes,
    heldBytes,
    onIngestFault: () => undefined,
  });
  let epoch = 0;
  const connect = () => {
    return connectFake(++epoch, {
      windowMax: options.windowMax ?? 4000,
      heldBytes,
      ledger,
      counters,
      receive: path.receive,
    });
  };
  return { kafka, ledger, lanes, heldBytes, counters, health, logLines, log, path, connect };
}

function connectFake(epoch: number, options: Omit<IntakeOptions, 'link'>): FakeConnection {
  const link = new FakeLink(epoch);
  const intake = new Intake({ ...options, link: link as unknown as Link });
  link.onClosed(() => intake.closed());
  let packetId = 0;
  return {
    link,
    intake,
    deliver(delivery) {
      const outcome = { isNextCalled: false };
      const messageId = ++packetId;
      const full = { topic: 'v1/up/V/gb32960', qos: 1, dup: false, messageId, ...delivery };
      intake.deliver(full, () => {
        outcome.isNextCalled = true;
      });
      return outcome;
    },
  };
}

/** One telemetry record per payload: the value is the payload, its first byte the partition. */
export function ingestOf(
  answersTo: (message: IngestMessage) => readonly Answer[] = () => [],
): Ingest {
  return (message) => ({
    codec: 'gb32960',
    frameCount: 1,
    quarantinedCount: 0,
    quarantineReasons: [],
    records: [
      {
        kafkaTopic: kafkaTopics.telemetry,
        key: keyOf(message),
        value: Buffer.from(message.payload),
      },
    ],
    answers: answersTo(message),
  });
}

/** Payload of a message for a partition. */
export function payload(partition: number, text: string): Buffer {
  return Buffer.concat([Buffer.from([partition]), Buffer.from(text)]);
}

function keyOf({ payload }: IngestMessage): Buffer {
  return Buffer.from(payload.subarray(0, 1));
}

/** The ledger of a codec as plain numbers, with what would make it unbalanced. */
export function balance(ledger: Ledger, codec: 'gb32960' | 'unknown' = 'gb32960') {
  const line = ledger.lines.get(codec)!;
  const quarantined = [...line.quarantinedCounts.values()].reduce((sum, n) => sum + n, 0);
  const inFlight = ledger.inFlightCount(codec);
  const { receivedCount: received, producedCount: produced, returnedCount: returned } = line;
  const missing = received - produced - quarantined - returned - inFlight;
  return { received, produced, quarantined, returned, inFlight, missing };
}
