// One car that lives: it advances in time and can be asked for its sample.

import { advanceEpisode, type Episode } from './alarms.ts';
import { advanceBattery, type Battery, readPack, startBattery } from './battery.ts';
import { buildCar, type Car } from './car.ts';
import { advanceDrive, type Drive, startDrive } from './drive.ts';
import { createRandom, type Random } from './random.ts';
import { type Sample, sampleOf } from './sample.ts';

const stepSeconds = 1;

export class SimulatedCar {
  readonly car: Car;
  readonly drive: Drive;
  readonly battery: Battery;
  /** In a tunnel there is no fix: reports repeat the last one. */
  isInTunnel = false;

  readonly #random: Random;
  #episode: Episode | null = null;
  #fix: { longitudeDeg: number; latitudeDeg: number };

  constructor(seed: number, index: number) {
    this.#random = createRandom(seed, index);
    this.car = buildCar(this.#random, index);
    this.drive = startDrive(this.#random);
    this.battery = startBattery(this.#random);
    this.#fix = this.drive;
    this.advance(0.1);
  }

  advance(seconds: number): void {
    for (let left = seconds; left > 0; left -= stepSeconds) this.#step(Math.min(left, stepSeconds));
    if (!this.isInTunnel) {
      const { longitudeDeg, latitudeDeg } = this.drive;
      this.#fix = { longitudeDeg, latitudeDeg };
    }
  }

  sample(): Sample {
    const { car, drive, battery } = this;
    const random = this.#random;
    const readings = car.packs.map((pack) => readPack(battery, { car, pack, random }));
    const { socPercent, temperatureC } = battery;
    const fix = { isLost: this.isInTunnel, ...this.#fix };
    const episode = this.#episode;
    const state = { car, drive, battery, readings, fix, episode, socPercent, temperatureC };
    return sampleOf(state, random);
  }

  #step(seconds: number): void {
    const { car, drive, battery } = this;
    const random = this.#random;
    advanceDrive(drive, { car, random, seconds, socPercent: battery.socPercent });
    advanceBattery(battery, { car, drive, seconds });
    this.#episode = advanceEpisode(this.#episode, random, seconds);
  }
}
