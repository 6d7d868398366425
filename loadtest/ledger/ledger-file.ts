// The ledger as a file that only grows: a line is with the operating system before the message that
// it tells of leaves, so that not even a kill of the fleet leaves a message without its line.

import { closeSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { answerKey } from '../fleet/answer-key.ts';
import type { FleetBook } from '../fleet/fleet.ts';
import type { PlannedMessage } from '../fleet/planned.ts';
import { type Entry, type FaultEntry, type Ledger, ledgerOf } from './entries.ts';

export class LedgerFile implements FleetBook {
  /** So far; frames, not messages. */
  readonly counts = { sentCount: 0, ackedMessageCount: 0, answerCount: 0 };
  readonly path: string;
  readonly #file: number;
  #messageCount = 0;

  /** Throws when the file exists: one ledger is one run. */
  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'ax');
  }

  sent({ vehicleId, frames }: PlannedMessage): number {
    this.#messageCount += 1;
    const messageNo = this.#messageCount;
    this.#write({ entry: 'sent', messageNo, vehicleId, at: Date.now(), frames });
    this.counts.sentCount += frames.length;
    return messageNo;
  }

  again(messageNo: number): void {
    this.#write({ entry: 'again', messageNo, at: Date.now() });
  }

  acked(messageNo: number, reasonCode: number): void {
    this.#write({ entry: 'acked', messageNo, at: Date.now(), reasonCode });
    this.counts.ackedMessageCount += 1;
  }

  /** For what arrives on `v1/dn/{vehicleId}/{codec}`. */
  answered(mqttTopic: string, payload: Buffer): void {
    const vehicleId = mqttTopic.split('/')[2] ?? '';
    this.#write({ entry: 'answer', vehicleId, at: Date.now(), key: answerKey(payload) });
    this.counts.answerCount += 1;
  }

  fault(fault: Omit<FaultEntry, 'entry'>): void {
    this.#write({ entry: 'fault', ...fault });
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(entry: Entry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
  }
}

export async function readLedger(path: string): Promise<Ledger> {
  const entries: Entry[] = [];
  const file = await open(path);
  for await (const line of file.readLines()) entries.push(JSON.parse(line) as Entry);
  return ledgerOf(entries);
}
