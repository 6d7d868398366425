// What a fault is: something that is broken for a while and must not break a promise.

import type { Random } from '#loadtest/fleet/random.ts';
import type { Bed } from '../bed.ts';
import type { Crew } from '../crew.ts';

/** What a fault needs for itself: two that want the same never overlap. */
export type Claim =
  /** A bridge: at most one is away at a time, so that the broker always has a subscriber. */
  | 'bridge'
  /** The processes of Kafka. */
  | 'kafka nodes'
  /** The connections to Kafka. */
  | 'kafka links'
  | 'kafka leaders'
  /** The MQTT broker, and with it every connection to it. */
  | 'mqtt broker'
  | 'car links'
  | 'registry';

/** What may happen while it lasts, and needs no other explanation. */
export interface Excuses {
  /** The broker loses what it holds: a car's PUBACK promises no more than the broker does. */
  readonly lostInBroker?: true;
  /** Connections of bridges to the broker end: what they held un-acknowledged comes again. */
  readonly connectionsEnd?: true;
  /** Kafka stores what it cannot say: the same bridge sends it again, with the same origin. */
  readonly sentAgain?: true;
  /**
   * The broker sends once more, on a live connection, what it takes for un-acknowledged; the bridge
   * may have acknowledged it by then, and takes it for a message.
   */
  readonly brokerRepeats?: true;
  /** Answers may be lost on their way to the cars. */
  readonly answersLost?: true;
}

export interface Fault {
  /** Of the catalogue: F7. Several may share one. */
  readonly id: string;
  /** Unique, for the command line. */
  readonly name: string;
  /** What happens and what must hold all the same. */
  readonly sentence: string;
  /** How often it comes, beside the others. */
  readonly weight: number;
  /** Least and most time from `strike` to `heal`. */
  readonly durationMs: readonly [number, number];
  readonly claims: readonly Claim[];
  readonly excuses: Excuses;
  /** Only on the model of EMQX: it can be told to do what it takes. */
  readonly needsModel?: true;
  /** Resolves when it is broken. */
  strike(scene: Scene): Promise<Struck>;
}

export interface Scene {
  readonly bed: Bed;
  readonly crew: Crew;
  /** The same for the same seed and place in the schedule. */
  readonly random: Random;
}

export interface Struck {
  /** What was hit: "bridge b2-1". */
  readonly what: string;
  /** Asked at the end of its time, before it is healed: rejects with what should not be so. */
  check?(): Promise<void>;
  /** Resolves when all is whole again. Called once, also when the run ends early. */
  heal(): Promise<void>;
}
