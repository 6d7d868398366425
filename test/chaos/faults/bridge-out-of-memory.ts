// F9: the kernel kills a bridge for its memory, at the moment at which it holds the most: Kafka has
// hung for a while, and the windows are full.

import assert from 'node:assert/strict';
import type { Dose } from '../proxy/toxics.ts';
import type { Fault } from './fault.ts';

const mebibyte = 1024 * 1024;
const rssBytesMax = 400 * mebibyte;

export const bridgeOutOfMemory: Fault = {
  id: 'F9',
  name: 'bridge-out-of-memory',
  sentence:
    'SIGKILL of a bridge after Kafka has hung for seconds: it had stayed within its memory, what' +
    ' it held comes again, and another one takes its place.',
  weight: 1,
  durationMs: [6_000, 12_000],
  claims: ['bridge', 'kafka links'],
  excuses: { connectionsEnd: true, sentAgain: true },
  async strike({ bed, crew, random }) {
    const { kafka } = bed.proxies;
    const place = random.pick(crew.places);
    const bridge = crew.at(place);
    const hole: Dose = { direction: 'up', toxic: { kind: 'timeout' } };
    for (const proxy of kafka) proxy.add(hole);
    return {
      what: bridge.name,
      check: async () => {
        const metrics = await bridge.metrics();
        const rssBytes = metrics.sum('process_resident_memory_bytes');
        assert.ok(rssBytes < rssBytesMax, `${Math.round(rssBytes / mebibyte)} MiB resident`);
        assert.ok(metrics.ledger.inFlight > 0, 'it holds nothing');
      },
      heal: async () => {
        await crew.kill(place);
        for (const proxy of kafka) proxy.remove(hole);
        await crew.start(place);
      },
    };
  },
};
