// F8: a bridge stops in its tracks for longer than the broker waits for a ping, and goes on. What
// it stored meanwhile was given to another one: its late PUBACKs must reach nobody.

import type { Fault } from './fault.ts';

export const bridgeFrozen: Fault = {
  id: 'F8',
  name: 'bridge-frozen',
  sentence:
    'SIGSTOP of a bridge beyond its keepalive, then SIGCONT: no PUBACK on another connection than' +
    ' the one on which the frame came.',
  weight: 2,
  // The keepalive of a chaos run is 2 s: a broker gives up after 3 s, Artemis after about 4.
  durationMs: [6_000, 12_000],
  claims: ['bridge'],
  excuses: { connectionsEnd: true, sentAgain: true },
  async strike({ crew, random }) {
    const bridge = crew.at(random.pick(crew.places));
    bridge.process.signal('SIGSTOP');
    return {
      what: bridge.name,
      heal: async () => {
        bridge.process.signal('SIGCONT');
        await bridge.whenReady(60_000);
      },
    };
  },
};
