// F7: a bridge is killed while its window is full.

import { setTimeout as pause } from 'node:timers/promises';
import type { Dose } from '../proxy/toxics.ts';
import type { Fault } from './fault.ts';

/** So long answers of Kafka are held before the kill, so that the window is full of them. */
const heldMs = 1_500;

export const bridgeKilled: Fault = {
  id: 'F7',
  name: 'bridge-killed',
  sentence: 'SIGKILL of a bridge with a full window: what it held comes again, nothing is lost.',
  weight: 3,
  durationMs: [2_000, 6_000],
  claims: ['bridge', 'kafka links'],
  excuses: { connectionsEnd: true, sentAgain: true },
  async strike({ bed, crew, random }) {
    const place = random.pick(crew.places);
    const { name } = crew.at(place);
    const slow: Dose = { direction: 'down', toxic: { kind: 'latency', ms: heldMs } };
    for (const proxy of bed.proxies.kafka) proxy.add(slow);
    try {
      await pause(heldMs);
      await crew.kill(place);
    } finally {
      for (const proxy of bed.proxies.kafka) proxy.remove(slow);
    }
    return { what: name, heal: () => crew.start(place) };
  },
};
