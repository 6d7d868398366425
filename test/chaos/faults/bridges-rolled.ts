// A new version is rolled out: every bridge is stopped by SIGTERM and followed by another one, one
// after the other. It is no fault, so nothing excuses anything.

import type { Fault } from './fault.ts';

export const bridgesRolled: Fault = {
  id: 'drain',
  name: 'bridges-rolled',
  sentence:
    'Every bridge is drained and followed by another one, under load: nothing is lost and nothing' +
    ' is stored twice.',
  weight: 1,
  durationMs: [0, 0],
  // What Kafka cannot say in time, a drain gives back: here Kafka is well.
  claims: ['bridge', 'kafka links', 'kafka nodes', 'kafka leaders'],
  excuses: {},
  async strike({ crew }) {
    const { places } = crew;
    return {
      what: `${places.length} bridges`,
      heal: async () => {
        for (const place of places) {
          await crew.stop(place);
          await crew.start(place);
        }
      },
    };
  },
};
