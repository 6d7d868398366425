// F20: a bridge may open no more descriptors, and its connections end.

import { limitProcess } from '../process-limit.ts';
import type { Fault } from './fault.ts';

/** All that could be opened has a higher number. */
const descriptorsMax = 3;

export const descriptorsGone: Fault = {
  id: 'F20',
  name: 'descriptors-gone',
  sentence:
    'A bridge has no descriptor left when its connections to Kafka are reset: it acknowledges' +
    ' nothing, keeps its MQTT connections, and goes on by itself when there are some again.',
  weight: 1,
  durationMs: [3_000, 8_000],
  // All bridges lose their connections to Kafka, one cannot make new ones.
  claims: ['bridge', 'kafka links'],
  excuses: { sentAgain: true },
  async strike({ bed, crew, random }) {
    const bridge = crew.at(random.pick(crew.places));
    const giveBack = await limitProcess(bridge.process.pid, 'nofile', descriptorsMax);
    for (const proxy of bed.proxies.kafka) proxy.resetAll();
    return {
      what: bridge.name,
      heal: async () => {
        await giveBack();
        await bridge.whenReady(60_000);
      },
    };
  },
};
