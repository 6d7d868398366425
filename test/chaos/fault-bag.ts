// Faults drawn as from a bag: each lies in it as often as its weight says, and only when it is
// empty is it filled again, so that in a run of some minutes every fault comes.

import type { Random } from '#loadtest/fleet/random.ts';
import type { Fault } from './faults/fault.ts';

export class FaultBag {
  readonly #faults: readonly Fault[];
  readonly #random: Random;
  #left: Fault[] = [];

  constructor(faults: readonly Fault[], random: Random) {
    if (faults.length === 0) throw new RangeError('faults to draw from wanted, found none');
    this.#faults = faults;
    this.#random = random;
  }

  draw(): Fault {
    if (this.#left.length === 0) {
      this.#left = this.#faults.flatMap((fault) => new Array<Fault>(fault.weight).fill(fault));
    }
    const at = this.#random.integer(0, this.#left.length - 1);
    const [fault] = this.#left.splice(at, 1);
    return fault as Fault;
  }

  /** It found no time to strike. */
  giveBack(fault: Fault): void {
    this.#left.push(fault);
  }
}
