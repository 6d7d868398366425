// A terminal for each car of a fleet, in the protocol that the mix gives it.

import { createFrameHash } from '#shared/ingest/frame-id.ts';
import { createExpectations } from './expectations.ts';
import { speakGb32960 } from './gb32960-speaker.ts';
import { speakJson } from './json/speaker.ts';
import { createJsonTerminal } from './json/terminal.ts';
import { speakJt808 } from './jt808/speaker.ts';
import { createJt808Terminal } from './jt808/terminal.ts';
import { type Mix, pickFromMix } from './mix.ts';
import type { Random } from './random.ts';
import type { Signer } from './signer.ts';
import type { SimulatedCar } from './simulated-car.ts';
import type { Speaker } from './speaker.ts';
import { createTerminal } from './terminal.ts';

export interface Driver {
  readonly simulated: SimulatedCar;
  /** Of the car in the fleet. */
  readonly index: number;
  readonly random: Random;
}

export type SpeakerOf = (driver: Driver) => Speaker;

/** `signer`: for every second car of 2025; where it is left out, none signs. */
export async function createSpeakers(mix: Mix, signer: Signer | null = null): Promise<SpeakerOf> {
  const [of2016, of2025, hashFrame] = await Promise.all([
    createExpectations('gb32960-2016'),
    createExpectations('gb32960-2025'),
    createFrameHash(),
  ]);
  return ({ simulated, index, random }) => {
    const serial = random.integer(1, 400);
    switch (pickFromMix(mix, index)) {
      case 'gb2016':
        return speakGb32960(createTerminal(simulated, of2016), serial) as Speaker;
      case 'gb2025':
        return speakGb32960(
          createTerminal(simulated, of2025, index % 2 === 0 ? signer : null),
          serial,
        ) as Speaker;
      case 'jt808':
        return speakJt808(createJt808Terminal(simulated, index, hashFrame)) as Speaker;
      case 'json':
        return speakJson(createJsonTerminal(simulated, hashFrame), serial) as Speaker;
    }
  };
}
