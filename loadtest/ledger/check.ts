// The check: every frame that was sent against every record that is stored. Reads no file and no
// topic; the answer is plain data.

import { kafkaTopics } from '#shared/topics.ts';
import { type AnswerFindings, checkAnswers } from './answers.ts';
import type { ConservationFindings } from './conservation.ts';
import { differences } from './differences.ts';
import type { Ledger } from './entries.ts';
import { isExplained } from './faults.ts';
import { FindingList, type Findings } from './findings.ts';
import { checkOrder, type OrderEvidence, type OrderFindings } from './order.ts';
import { checkOrigins } from './origins.ts';
import type { StoredRecord } from './record-fields.ts';
import { type Copy, type Send, type Slot, slotOf, slotsOf } from './slots.ts';

export interface Reconciliation {
  /** Frames. */
  readonly sentCount: number;
  readonly storedCount: number;
  readonly quarantinedCount: number;
  readonly quarantinedByReason: ReadonlyMap<string, number>;
  /** In Kafka, copies and strangers included. */
  readonly recordCount: number;
  readonly lost: LostFindings;
  readonly duplicates: {
    /** A fault, or the vehicle itself, made them; at most `redeliveryMax` by faults. */
    readonly explained: Findings;
    readonly unexplained: Findings;
  };
  /** The record differs from the truth, is in the wrong topic or has the wrong reason. */
  readonly altered: Findings;
  /** A record of which nothing was sent. */
  readonly phantom: Findings;
  readonly outOfOrder: OrderFindings;
  /** Frames that claim the place of another one in the tenure of a bridge. */
  readonly sharedOrigins: Findings;
  readonly answers: AnswerFindings;
  readonly conservation: ConservationFindings;
  readonly redeliveryMax: number;
  readonly isBalanced: boolean;
}

/** By what the broker had said to it. */
export interface LostFindings {
  /** PUBACK 0x00: the broker or a bridge lost it. */
  readonly acked: Findings;
  /** PUBACK 0x10: the broker had no subscriber and threw it away. */
  readonly unrouted: Findings;
  /** PUBACK from 0x80 on, or none: it was never promised. */
  readonly unacked: Findings;
}

export interface CheckOptions {
  readonly ledger: Ledger;
  readonly records: Iterable<StoredRecord>;
  readonly conservation: ConservationFindings;
  /** What a fault may make the broker deliver again at most: the windows of the bridges hit. */
  readonly redeliveryMax: number;
  /** See `checkAnswers`. */
  readonly skewMs: number | null;
  /** See `checkOrder`. */
  readonly wasDealtBefore?: OrderEvidence['wasDealtBefore'];
}

export function checkLedger(options: CheckOptions): Reconciliation {
  const check = new LedgerCheck(options.ledger);
  for (const record of options.records) check.add(record);
  return check.result(options);
}

/** The same, record by record, for more of them than memory holds. */
export class LedgerCheck {
  readonly #ledger: Ledger;
  readonly #slots: Map<string, Slot>;
  readonly #altered = new FindingList();
  readonly #phantom = new FindingList();
  #recordCount = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#slots = slotsOf(ledger);
  }

  add(record: StoredRecord): void {
    this.#recordCount += 1;
    const { kafkaTopic, partition, offset, appendedAt, receivedAt, origin } = record;
    const where = `${kafkaTopic}/${partition} offset ${offset}`;
    const slot = slotOf(this.#slots, record);
    if (slot === undefined) {
      this.#phantom.add(`${where}: ${record.vehicleId} frame ${record.frameId}${whyOf(record)}`);
      return;
    }
    const found = [...differences(slot.expected, record), ...strayOf(slot, record)];
    if (found.length > 0) {
      this.#altered.add(`${where}: ${slot.expected.kind}: ${found.slice(0, 3).join('; ')}`);
    }
    slot.copies.push({ kafkaTopic, partition, offset, appendedAt, receivedAt, origin });
  }

  /** A record that no schema of ours can read. */
  addUnreadable(where: string): void {
    this.#recordCount += 1;
    this.#phantom.add(where);
  }

  result(options: Omit<CheckOptions, 'ledger' | 'records'>): Reconciliation {
    const slots = [...this.#slots.values()];
    const parts = {
      ...countFrames(slots),
      recordCount: this.#recordCount,
      lost: lostOf(slots),
      duplicates: duplicatesOf(slots, this.#ledger),
      altered: this.#altered,
      phantom: this.#phantom,
      outOfOrder: checkOrder(slots, { ...options, faults: this.#ledger.faults }),
      sharedOrigins: checkOrigins(slots),
      answers: checkAnswers(slots, this.#ledger, options.skewMs),
      conservation: options.conservation,
      redeliveryMax: options.redeliveryMax,
    };
    return { ...parts, isBalanced: isBalanced(parts) };
  }
}

/** A frame that should have been kept is a stranger in quarantine: there its id is another one. */
function whyOf({ fields: { reason, detail } }: StoredRecord): string {
  return typeof reason === 'string' ? ` (${reason}: ${detail})` : '';
}

/** All copies of a frame have one key, so they must be in one partition. */
function strayOf({ copies }: Slot, { kafkaTopic, partition }: StoredRecord): readonly string[] {
  const first = copies.find((copy) => copy.kafkaTopic === kafkaTopic);
  if (first === undefined || first.partition === partition) return [];
  return [`partition: ${first.partition} wanted, found ${partition}`];
}

function isBalanced(parts: Omit<Reconciliation, 'isBalanced'>): boolean {
  const { lost, duplicates, altered, phantom, outOfOrder, answers, conservation } = parts;
  const faults = [
    lost.acked,
    lost.unrouted,
    duplicates.unexplained,
    altered,
    phantom,
    outOfOrder.unexplained,
    parts.sharedOrigins,
    answers.missing,
    answers.early,
    answers.strange,
    conservation.breaches,
  ];
  const isBounded = duplicates.explained.count <= parts.redeliveryMax;
  return isBounded && faults.every(({ count }) => count === 0);
}

type Counts = Pick<
  Reconciliation,
  'sentCount' | 'storedCount' | 'quarantinedCount' | 'quarantinedByReason'
>;

function countFrames(slots: readonly Slot[]): Counts {
  const quarantinedByReason = new Map<string, number>();
  let [sentCount, storedCount, quarantinedCount] = [0, 0, 0];
  for (const { expected, frame, sends, copies } of slots) {
    // A frame of several records counts once.
    if (expected !== frame) continue;
    const foundCount = Math.min(sends.length, copies.length);
    sentCount += sends.length;
    if (expected.kafkaTopic !== kafkaTopics.quarantine) {
      storedCount += foundCount;
      continue;
    }
    const reason = String(expected.fields['reason']);
    quarantinedCount += foundCount;
    quarantinedByReason.set(reason, (quarantinedByReason.get(reason) ?? 0) + foundCount);
  }
  return { sentCount, storedCount, quarantinedCount, quarantinedByReason };
}

function lostOf(slots: readonly Slot[]): LostFindings {
  const lost = {
    acked: new FindingList(),
    unrouted: new FindingList(),
    unacked: new FindingList(),
  };
  for (const { expected, vehicleId, sends, copies } of slots) {
    const missingCount = sends.length - copies.length;
    if (missingCount <= 0) continue;
    // Of frames that look alike, those without a promise are thought lost first.
    const byPromise = [...sends].sort((a, b) => promiseOf(a) - promiseOf(b));
    for (const send of byPromise.slice(0, missingCount)) {
      const example = `${vehicleId} ${expected.kind} of message ${send.message.messageNo}`;
      lost[promiseNames[promiseOf(send)] as keyof typeof lost].add(example);
    }
  }
  return lost;
}

const promiseNames = ['unacked', 'unrouted', 'acked'] as const;
const noSubscribers = 0x10;

function promiseOf({ message: { acked } }: Send): 0 | 1 | 2 {
  if (acked === null || acked.reasonCode >= 0x80) return 0;
  return acked.reasonCode === noSubscribers ? 1 : 2;
}

function duplicatesOf(slots: readonly Slot[], { faults }: Ledger): Reconciliation['duplicates'] {
  const explained = new FindingList();
  const unexplained = new FindingList();
  for (const { expected, vehicleId, sends, copies } of slots) {
    // The vehicle itself sent it more than once.
    let repeats = sends.reduce((sum, { message }) => sum + message.attempts - 1, 0);
    for (const copy of inOrder(copies).slice(sends.length)) {
      const isRepeat = repeats > 0;
      repeats -= 1;
      const list =
        isRepeat || isExplained(faults, sends, copy.appendedAt) ? explained : unexplained;
      list.add(`${vehicleId} ${expected.kind}: ${placesOf(copies)}`);
    }
  }
  return { explained, unexplained };
}

function inOrder(copies: readonly Copy[]): readonly Copy[] {
  return [...copies].sort((a, b) => a.appendedAt - b.appendedAt || a.offset - b.offset);
}

function placesOf(copies: readonly Copy[]): string {
  return copies
    .slice(0, 3)
    .map(({ kafkaTopic, partition, offset, origin: { bridge, epoch, sequence } }) => {
      return `${kafkaTopic}/${partition}@${offset} by ${bridge}/${epoch}/${sequence}`;
    })
    .join(', ');
}
