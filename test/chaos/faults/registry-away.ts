// F13: a bridge starts while the registry is away or slow, and has no file of schema ids.

import assert from 'node:assert/strict';
import type { Dose } from '../proxy/toxics.ts';
import type { Fault } from './fault.ts';

/** Beyond REGISTRY_TIMEOUT_MS, 5 s. */
const slow: Dose = { direction: 'down', toxic: { kind: 'latency', ms: 7_000 } };

export const registryAway: Fault = {
  id: 'F13',
  name: 'registry-away',
  sentence:
    'A bridge that starts without a registry and knows no schema ids is not ready, says why and' +
    ' takes no frames; it becomes ready by itself. Those that run do not notice.',
  weight: 1,
  durationMs: [4_000, 9_000],
  claims: ['bridge', 'registry'],
  excuses: { connectionsEnd: true, sentAgain: true },
  async strike({ bed, crew, random }) {
    const { registry } = bed.proxies;
    const isSlow = random.chance(0.5);
    if (isSlow) registry.add(slow);
    else await registry.down();
    const place = random.pick(crew.places);
    await crew.kill(place);
    const bridge = await crew.spawn(place, { REGISTRY_IDS_FILE: null });
    return {
      what: `the registry is ${isSlow ? 'slow' : 'away'} when ${bridge.name} starts`,
      check: async () => {
        const { status, report } = await bridge.askReady();
        assert.equal(status, 503);
        assert.ok(report.unready.includes('schemas'), JSON.stringify(report));
        const own = bed.witness.sessions.filter(({ clientId }) => clientId.startsWith(bridge.name));
        assert.equal(own.length, 0, 'it has subscribed');
      },
      heal: async () => {
        if (isSlow) registry.remove(slow);
        else await registry.up();
        await crew.join(place);
      },
    };
  },
};
