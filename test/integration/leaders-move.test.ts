// Guarantee: acknowledged means stored, also on a Kafka whose leaders move; the short form of the
// proof of that name.

import { test } from 'node:test';
import { leadersMove } from '../proof/leaders-move.ts';
import { figuresText } from '../proof/report.ts';

test('leaders that move every 2 s and a broker that is killed lose, alter and reorder nothing', async (t) => {
  const stage = {
    say: (line: string) => t.diagnostic(line),
    after: (act: () => unknown) => t.after(async () => void (await act())),
    get passed() {
      return t.passed;
    },
  };
  const load = { vehicles: 60, seconds: 14, messagesPerSecond: 3 };
  t.diagnostic(figuresText(await leadersMove(stage, load)));
});
