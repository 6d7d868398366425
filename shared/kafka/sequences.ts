// The numbers by which a broker knows a batch again: producer id, epoch, sequence. Knows no client.
//
// A broker takes two batches of one partition with the same numbers for one. So numbers are given
// to records once, for as long as they are sent in the same company, and never to others: what the
// numbers of a batch that nobody knows the fate of would say about a later one is not asked, a
// producer id of its own is.

import type { ProduceRecord } from './producer.ts';
import type { ProducerFacts } from './record-batch.ts';

export interface ProducerIdentity {
  readonly id: bigint;
  readonly epoch: number;
}

/** The records of one partition in one request, in order; at least one. */
export type Company = readonly ProduceRecord[];

interface Line {
  readonly identity: ProducerIdentity;
  nextSequence: number;
  /** A batch of it failed: what comes next may find a gap. */
  isBroken: boolean;
}

interface Stamp extends ProducerFacts {
  readonly line: Line;
  readonly count: number;
  readonly last: ProduceRecord;
  refusals: number;
}

const sequenceMax = 2 ** 31 - 1;

/** A batch that overtook another one is refused until that one is there. */
const refusalsMax = 3;

export class Sequences {
  readonly #askIdentity: () => Promise<ProducerIdentity>;
  /** By topic and partition. */
  readonly #lines = new Map<string, Line>();
  /** By the first record of their company. */
  readonly #stamps = new WeakMap<ProduceRecord, Stamp>();
  #identity: ProducerIdentity | undefined;
  #asking: Promise<void> | undefined;

  constructor(askIdentity: () => Promise<ProducerIdentity>) {
    this.#askIdentity = askIdentity;
  }

  /** In the order of the calls while no new identity is wanted. Rejects when there is none. */
  async stamp(companies: readonly Company[]): Promise<readonly ProducerFacts[]> {
    while (companies.some((company) => this.#wantsIdentity(company))) await this.#renew();
    return companies.map((company) => this.#stampOf(company));
  }

  /** Stored: the same company will not come again. */
  stored(company: Company): void {
    const stamp = this.#stampAt(company);
    if (stamp === undefined) return;
    const { line, firstSequence, count } = stamp;
    this.#stamps.delete(company[0]!);
    // It had failed before, and nothing was numbered after it: no gap is left.
    if (line.nextSequence === firstSequence + count) line.isBroken = false;
  }

  /** Not stored, as far as is known. `isOfNumbers`: the broker refused the numbers themselves. */
  failed(company: Company, { isOfNumbers }: { readonly isOfNumbers: boolean }): void {
    const stamp = this.#stampAt(company);
    if (stamp === undefined) return;
    stamp.line.isBroken = true;
    if (!isOfNumbers) return;
    stamp.refusals += 1;
    if (stamp.refusals >= refusalsMax) this.#stamps.delete(company[0]!);
  }

  #stampAt(company: Company): Stamp | undefined {
    const stamp = this.#stamps.get(company[0]!);
    const isSame = stamp?.count === company.length && stamp.last === company.at(-1);
    return isSame ? stamp : undefined;
  }

  #wantsIdentity(company: Company): boolean {
    if (this.#identity === undefined) return true;
    if (this.#stampAt(company) !== undefined) return false;
    const line = this.#lines.get(keyOf(company));
    if (line === undefined) return false;
    return this.#isSpent(line, company) && line.identity === this.#identity;
  }

  #isSpent(line: Line, company: Company): boolean {
    return line.isBroken || line.nextSequence > sequenceMax - company.length;
  }

  async #renew(): Promise<void> {
    this.#asking ??= this.#askIdentity()
      .then((identity) => {
        this.#identity = identity;
      })
      .finally(() => {
        this.#asking = undefined;
      });
    await this.#asking;
  }

  #stampOf(company: Company): Stamp {
    const known = this.#stampAt(company);
    if (known !== undefined) return known;
    const line = this.#lineOf(company);
    const stamp = {
      ...line.identity,
      firstSequence: line.nextSequence,
      line,
      count: company.length,
      last: company.at(-1)!,
      refusals: 0,
    };
    line.nextSequence += company.length;
    this.#stamps.set(company[0]!, stamp);
    return stamp;
  }

  /** Each partition counts for itself; two that are anew share the newest identity. */
  #lineOf(company: Company): Line {
    const key = keyOf(company);
    const known = this.#lines.get(key);
    if (known !== undefined && !this.#isSpent(known, company)) return known;
    const line = { identity: this.#identity!, nextSequence: 0, isBroken: false };
    this.#lines.set(key, line);
    return line;
  }
}

function keyOf([first]: Company): string {
  return `${first!.topic}/${first!.partition}`;
}
