// F10: the leaders of all topics move to other brokers, again and again.

import { LeaderMover } from '../../proof/leader-mover.ts';
import type { Fault } from './fault.ts';

const moveEveryMs = 2_000;

export const leadersMove: Fault = {
  id: 'F10',
  name: 'leaders-move',
  sentence:
    'All leaders move every 2 s: a batch of which a part was refused is not taken for stored.',
  weight: 3,
  durationMs: [4_000, 12_000],
  claims: ['kafka leaders'],
  excuses: { sentAgain: true },
  async strike({ bed }) {
    const mover = new LeaderMover(bed.ground.config);
    mover.start(moveEveryMs);
    return { what: 'all leaders', heal: () => mover.stop() };
  },
};
