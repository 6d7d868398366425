// What a car's terminal can say, whatever its protocol: messages with the truth behind them. Builds
// and never sends.

import type { PlannedMessage } from './planned.ts';
import type { Random } from './random.ts';
import type { SimulatedCar } from './simulated-car.ts';

export interface Speaker<Stored = unknown> {
  readonly vehicleId: string;
  readonly simulated: SimulatedCar;
  /** What a report of now holds, to be sent now or after a tunnel. */
  collect(at: number): Stored;
  login(at: number): Said;
  logout(at: number): Said;
  heartbeat(at: number): Said;
  /** What a terminal does seldom: it asks for the time, or says who drives. */
  sync(at: number): Said;
  report(stored: Stored, at: number): Said;
  /** Oldest first. */
  reissue(stored: readonly Stored[], at: number): Said;
  /** Out of the ordinary, and kept all the same. */
  odd(scene: OddScene): Said;
  /** Refused, in one message with its neighbours. */
  bad(scene: BadScene): Said;
}

/** Each leaves when the one before it has its PUBACK. */
export type Said = readonly PlannedMessage[];

export interface OddScene {
  readonly at: number;
  readonly random: Random;
}

export interface BadScene extends OddScene {
  /** Another car: its identity is not this one's. */
  readonly stranger: SimulatedCar;
  /** Of the bridge: a longer payload is refused unread. */
  readonly payloadBytesMax: number;
}
