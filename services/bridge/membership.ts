// Whether this bridge is a member of the shared group. It leaves for one reason: Kafka refuses it,
// for long, and the broker has little room left for it, so that staying would lose frames. A Kafka
// that is merely away never makes it leave: the others could store no more than we can.

import type { Logger } from '#shared/runtime/log.ts';
import type { Headroom } from './headroom.ts';
import type { LaneHealth } from './lane-health.ts';
import type { Source } from './source/source.ts';

export interface MembershipOptions {
  readonly source: Pick<Source, 'leave' | 'join' | 'hasLeft'>;
  readonly health: Pick<LaneHealth, 'isRefused' | 'detail'>;
  readonly headroom: Pick<Headroom, 'seconds' | 'share'>;
  /** A refusal must last so long: rights take a while to reach every Kafka broker. */
  readonly refusalHoldMs: number;
  readonly log: Logger;
  /** Milliseconds that never go back. */
  readonly now?: () => number;
}

/** What is left is reckoned, right within a fifth: at a quarter nothing is dropped yet. */
const roomShareMin = 0.25;

/** For PUBACKs to be written and the broker to close. */
const leaveMsMax = 3000;

export class Membership {
  readonly #options: MembershipOptions;
  readonly #now: () => number;
  #refusedSince: number | null = null;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** To be called each second or so. */
  look(): void {
    const { source, health, headroom } = this.#options;
    if (source.hasLeft) {
      // Not when the refusal gives way to a broken connection: Kafka must take records again.
      if (health.detail === null) this.#join();
      return;
    }
    if (!health.isRefused) {
      this.#refusedSince = null;
      return;
    }
    this.#refusedSince ??= this.#now();
    const refusedMs = this.#now() - this.#refusedSince;
    const isLong = refusedMs >= this.#options.refusalHoldMs;
    if (isLong && headroom.share <= roomShareMin) this.#leave(refusedMs);
  }

  #leave(refusedMs: number): void {
    const { source, health, headroom, log } = this.#options;
    this.#refusedSince = null;
    const why = health.detail ?? '';
    const headroomSeconds = Math.floor(headroom.seconds);
    log.error({ why, refusedMs: Math.round(refusedMs), headroomSeconds }, leftSentence);
    void source.leave(`Kafka refuses this bridge: ${why}`, leaveMsMax);
  }

  #join(): void {
    this.#options.source.join();
    this.#options.log.info('Kafka takes records of this bridge again; joining the shared group.');
  }
}

const leftSentence =
  'Kafka refuses this bridge, and the broker’s room for it is nearly used up: left the shared' +
  ' group, so that other members get its frames.';
