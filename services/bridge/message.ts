// The life of one message, top to bottom: delivered, ingested, its records in lanes, all stored,
// answered, acknowledged in its turn. What it means for lanes, windows and brokers is theirs.

import type { Answer, Ingest, Ingested, IngestMessage } from '#shared/ingest/contract.ts';
import { payloadKeptBytesMax } from '#shared/ingest/quarantine.ts';
import type { Delivery } from '#shared/mqtt/publish-reader.ts';
import { kafkaTopics } from '#shared/topics.ts';
import type { HeldBytes } from './held-bytes.ts';
import type { LaneRecord } from './lane-queue.ts';
import type { Lanes } from './lanes.ts';
import type { LedgerCodec, LedgerMessage } from './ledger.ts';
import type { Refuse } from './refusal.ts';
import type { Intake } from './source/intake.ts';
import type { WindowEntry } from './source/window.ts';

export interface Message extends WindowEntry, LedgerMessage {
  readonly intake: Intake;
  /** 0 at QoS 0: nothing to acknowledge. */
  readonly packetId: number;
  readonly input: IngestMessage;
  readonly codec: LedgerCodec;
  readonly frameCount: number;
  quarantineReasons: readonly string[];
  answers: readonly Answer[];
  recordsLeft: number;
  /** Of the payload, the records and the objects around them; freed when all are stored. */
  heldBytes: number;
}

export interface MessagePathOptions {
  /** Unique per process life; goes into every record's origin. */
  readonly bridge: string;
  readonly ingest: Ingest;
  /** Makes the quarantine record of what Kafka or ingest would not take. */
  readonly refuse: Refuse;
  readonly lanes: Lanes;
  readonly heldBytes: HeldBytes;
  /** Ingest threw, which it promises not to: the fault is ours, the bytes are in quarantine. */
  readonly onIngestFault: (fault: unknown, input: IngestMessage) => void;
  readonly now?: () => number;
}

/**
 * Measured on Node 26: 781 bytes of heap for each message that waits, whatever its size. Frames of
 * 25 bytes would otherwise fill six times the memory that is counted.
 */
export const messageObjectsBytes = 800;

/** Of a record in place of a refused one. */
interface Place {
  /** Of the payload. */
  readonly keptBytesMax: number;
  /** Why the frames were in quarantine before; its detail begins with them. */
  readonly reasons: string;
}

export class MessagePath {
  readonly #options: MessagePathOptions;
  readonly #now: () => number;
  /** By the value of the record that stands in place of a refused one. */
  readonly #places = new WeakMap<Buffer, Place>();

  constructor(options: MessagePathOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** 1. Delivered: from here on the message is in its connection's window. */
  readonly receive = (delivery: Delivery, intake: Intake): void => {
    const input = this.#inputOf(delivery, intake);
    const ingested = this.#ingest(input);
    const message: Message = {
      intake,
      packetId: delivery.qos === 0 ? 0 : (delivery.messageId ?? 0),
      input,
      codec: ingested.codec,
      frameCount: ingested.frameCount,
      quarantineReasons: ingested.quarantineReasons,
      answers: ingested.answers,
      recordsLeft: ingested.records.length,
      heldBytes: messageObjectsBytes + input.payload.length,
      isDone: false,
    };
    intake.admit(message);
    this.#store(message, ingested);
  };

  /** 4. A record is stored; with the last one the message is complete. */
  readonly recordStored = (record: LaneRecord): void => {
    const { message } = record;
    message.recordsLeft -= 1;
    if (message.recordsLeft > 0) return;
    this.#options.heldBytes.release(message.heldBytes);
    message.heldBytes = 0;
    // 5. Its answers go out, then 6. its PUBACK when all before it have theirs.
    message.intake.complete(message);
  };

  /**
   * Kafka will never store this record: its bytes go to quarantine in its place, and where Kafka
   * does not take these either, half of them, down to none. False: not even the record without.
   */
  readonly recordRefused = (record: LaneRecord, detail: string): boolean => {
    const { message } = record;
    const place = this.#placeOf(record);
    if (place === null) return false;
    if (message.quarantineReasons.length < message.frameCount) {
      message.quarantineReasons = [...message.quarantineReasons, 'record_refused'];
    }
    // Answered means stored, and this one is not: silence makes the vehicle ask again.
    message.answers = [];
    const { keptBytesMax, reasons } = place;
    const refusal = { detail: `${reasons}${detail}`, keptBytesMax };
    const { kafkaTopic, key, value } = this.#options.refuse(message.input, refusal);
    this.#places.set(value, place);
    this.#options.lanes.add({ topic: kafkaTopic, key, value, message });
    return true;
  };

  /** Null: this record keeps nothing of the payload already. */
  #placeOf({ topic, value, message }: LaneRecord): Place | null {
    const keptBytesMax = Math.min(message.input.payload.length, payloadKeptBytesMax);
    if (topic !== kafkaTopics.quarantine) return { keptBytesMax, reasons: '' };
    const reasons = `${[...new Set(message.quarantineReasons)].join(', ')}; `;
    const before = this.#places.get(value) ?? { keptBytesMax, reasons };
    if (before.keptBytesMax === 0) return null;
    return { ...before, keptBytesMax: Math.floor(before.keptBytesMax / 2) };
  }

  #inputOf(delivery: Delivery, intake: Intake): IngestMessage {
    return {
      mqttTopic: delivery.topic,
      // A view into the socket's chunk. Kept until all is stored: the messages of a chunk are
      // neighbours in the window, so little more than their own bytes is kept alive.
      payload: delivery.payload,
      receivedAt: this.#now(),
      origin: {
        bridge: this.#options.bridge,
        epoch: intake.link.epoch,
        sequence: intake.frameCount + 1,
      },
    };
  }

  /** 2. Ingested: any bytes become records; a fault of ours must not reach the next bridge. */
  #ingest(input: IngestMessage): Ingested {
    try {
      const ingested = this.#options.ingest(input);
      if (ingested.records.length > 0) return ingested;
      throw new Error('ingest made no record of the message');
    } catch (fault) {
      this.#options.onIngestFault(fault, input);
      const detail = `ingest failed: ${String(fault)}`;
      const refusal = { detail, keptBytesMax: payloadKeptBytesMax };
      return {
        codec: 'unknown',
        frameCount: 1,
        quarantinedCount: 1,
        quarantineReasons: ['record_refused'],
        records: [this.#options.refuse(input, refusal)],
        answers: [],
      };
    }
  }

  /** 3. In lanes, in the order of the bytes. */
  #store(message: Message, ingested: Ingested): void {
    for (const { key, value } of ingested.records) message.heldBytes += key.length + value.length;
    this.#options.heldBytes.add(message.heldBytes);
    for (const { kafkaTopic, key, value } of ingested.records) {
      this.#options.lanes.add({ topic: kafkaTopic, key, value, message });
    }
  }
}
