// What is known of our place in the group: asked by heartbeats, also while handlers run, which
// kafkajs leaves to its user.

import type { ConsumerOptions, Membership } from './consumer.ts';
import { failureOf } from './failures.ts';

type Heartbeat = () => Promise<void>;

const expelledCodes: ReadonlySet<string> = new Set([
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'FENCED_INSTANCE_ID',
]);

export class GroupMembership {
  /** Counts joins: what began in an earlier one is no longer ours. */
  generation = 0;
  /** Those of the latest join, also while the next one is under way: we mean to keep them. */
  partitions: readonly number[] = [];
  aliveAt = performance.now();
  memberAt = Number.NEGATIVE_INFINITY;

  readonly #options: Pick<ConsumerOptions, 'handlers' | 'heartbeatMs' | 'sessionTimeoutMs'>;
  #state: Membership = 'expelled';
  #isOwner = false;
  #heartbeat: Heartbeat | undefined;
  #holdCount = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Pick<ConsumerOptions, 'handlers' | 'heartbeatMs' | 'sessionTimeoutMs'>) {
    this.#options = options;
  }

  /** After a pause of the whole process the clock says it before the coordinator can. */
  get state(): Membership {
    const isTimedOut = performance.now() - this.memberAt > this.#options.sessionTimeoutMs;
    return isTimedOut ? 'expelled' : this.#state;
  }

  alive(): void {
    this.aliveAt = performance.now();
  }

  /** The coordinator has answered a heartbeat. */
  answered(): void {
    this.alive();
    this.memberAt = performance.now();
  }

  joined(assignment: Readonly<Record<string, readonly number[]>>): void {
    this.revoked();
    this.generation += 1;
    this.partitions = [...new Set(Object.values(assignment).flat())].sort((a, b) => a - b);
    this.#state = 'member';
    this.#isOwner = true;
    this.alive();
    this.memberAt = performance.now();
    this.#options.handlers.assigned(this.partitions);
  }

  /** Told once a generation. */
  revoked(): void {
    if (!this.#isOwner) return;
    this.#isOwner = false;
    this.#state = 'expelled';
    this.#options.handlers.revoked();
  }

  /** Others may own our partitions already. */
  expelled(): void {
    this.#state = 'expelled';
    this.partitions = [];
    // It belongs to the life that has ended; the next batch brings another.
    this.#heartbeat = undefined;
    this.revoked();
  }

  /** Heartbeats go on until the answered function is called. */
  hold(heartbeat: Heartbeat): () => void {
    this.#heartbeat = heartbeat;
    this.#holdCount += 1;
    this.#timer ??= setInterval(() => void this.beat(), this.#options.heartbeatMs);
    return () => {
      this.#holdCount -= 1;
      if (this.#holdCount === 0) this.#stopTimer();
    };
  }

  /** Never rejects. kafkajs asks at most once in the heartbeat interval. */
  async beat(): Promise<Membership> {
    const { generation } = this;
    if (this.#heartbeat === undefined || !this.#isOwner) return this.state;
    try {
      await this.#heartbeat();
    } catch (error) {
      if (generation === this.generation) this.#refused(failureOf(error).code);
    }
    return this.state;
  }

  end(): void {
    this.#stopTimer();
    this.revoked();
  }

  /** A broker that does not answer leaves us a member until the session's end. */
  #refused(code: string): void {
    if (code === 'REBALANCE_IN_PROGRESS' && this.#state === 'member') this.#state = 'rebalancing';
    if (expelledCodes.has(code)) this.expelled();
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
