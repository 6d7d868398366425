// F3: two terminals have one client id, and each takes the other's connection over, again and
// again.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { openPublisher } from '#shared/mqtt/publisher.ts';
import { linkSettingsOf } from '#shared/mqtt/settings.ts';
import type { Fault } from './fault.ts';

const takeoverEveryMs = 50;

export const clientIdTwice: Fault = {
  id: 'F3',
  name: 'client-id-twice',
  sentence: 'Two cars with one client id throw each other out all the time: nobody else notices.',
  weight: 1,
  durationMs: [1_000, 3_000],
  claims: ['car links'],
  excuses: {},
  async strike({ bed, random }) {
    const link = linkSettingsOf(bed.carGround.config);
    const clientId = `twin-${random.integer(1, 1e9)}`;
    const stop = new AbortController();
    let takeovers = 0;
    const fight = async () => {
      let holder = await openPublisher({ link: { ...link, clientId } });
      while (!stop.signal.aborted) {
        const next = await openPublisher({ link: { ...link, clientId } });
        await holder.closed;
        takeovers += 1;
        holder = next;
        await pause(takeoverEveryMs);
      }
      await holder.close();
    };
    const fighting = fight();
    // Told by `heal`.
    fighting.catch(() => undefined);
    return {
      what: clientId,
      check: async () => assert.ok(takeovers > 0, 'nobody was thrown out'),
      heal: async () => {
        stop.abort();
        await fighting;
      },
    };
  },
};
