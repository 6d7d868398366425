// Whether Kafka takes what the lanes send, told once when that changes, and to readiness always.

import { failureClassOf } from '#shared/kafka/kafka-errors.ts';
import type { Logger } from '#shared/runtime/log.ts';

export interface LaneTrouble {
  readonly code: string;
  readonly detail: string;
  /** Retrying alone will not mend it: a human must grant or configure something. */
  readonly isOurFault: boolean;
}

export class LaneHealth {
  readonly #log: Logger;
  readonly #onChange: () => void;
  readonly #facts: () => object;
  readonly #troubles = new Map<number, LaneTrouble>();
  #since = 0;
  #isRefusalTold = false;

  /**
   * `onChange` is told of every failure, and when all lanes flow again. `facts` go into the line
   * that says that Kafka is away.
   */
  constructor(
    log: Logger,
    onChange: () => void = () => undefined,
    facts: () => object = () => ({}),
  ) {
    this.#log = log;
    this.#onChange = onChange;
    this.#facts = facts;
  }

  /**
   * True while Kafka refuses something of this bridge's own: rights, credentials, settings. Not
   * where it is a record that finds no place: who got it next would fare no better.
   */
  get isRefused(): boolean {
    return [...this.#troubles.values()].some(({ code }) => failureClassOf(code) === 'refusal');
  }

  /** Null while all lanes flow; else what is wrong. */
  get detail(): string | null {
    const [first] = this.#troubles.values();
    if (!first) return null;
    return `${first.code}: ${first.detail} (${this.#troubles.size} lanes wait)`;
  }

  unwell(lane: number, trouble: LaneTrouble): void {
    const isFirst = this.#troubles.size === 0;
    this.#troubles.set(lane, trouble);
    this.#onChange();
    if (isFirst) this.#since = Date.now();
    // A Kafka that was away and comes back to refuse us is news once more.
    const isNews = trouble.isOurFault ? !this.#isRefusalTold : isFirst;
    if (!isNews) return;
    const facts = { code: trouble.code, detail: trouble.detail, ...this.#facts() };
    if (trouble.isOurFault) {
      this.#isRefusalTold = true;
      this.#log.error(
        facts,
        'Kafka refuses this bridge; holding acknowledgements until it does not.',
      );
    } else {
      this.#log.warn(facts, 'Kafka takes no records; holding acknowledgements and trying again.');
    }
  }

  well(lane: number): void {
    if (!this.#troubles.delete(lane) || this.#troubles.size > 0) return;
    this.#isRefusalTold = false;
    this.#onChange();
    this.#log.info({ awayMs: Date.now() - this.#since }, 'Kafka takes records again.');
  }
}
