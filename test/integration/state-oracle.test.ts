// Guarantees: applied once, late data never wins, zombies are fenced; the short form of the proof
// of that name.

import { test } from 'node:test';
import { runOracle } from '../oracle/oracle-run.ts';
import { figuresText } from '../proof/report.ts';
import { stackWithOwn } from './own-parts.ts';

// The group and the topics must be of this run alone, and Redis is flushed.
const stack = await stackWithOwn('kafka', 'redis');

test('vehicle state is the oracle’s though members die, stop and leave, and Redis is flushed', async (t) => {
  const stage = {
    say: (line: string) => t.diagnostic(line),
    after: (act: () => unknown) => t.after(async () => void (await act())),
    get passed() {
      return t.passed;
    },
  };
  const plan = { seed: 50, vehicles: 60, hours: 2, reportPeriodMs: 20_000, legMs: 2_000 };
  t.diagnostic(figuresText(await runOracle(stage, stack, { ...plan, rounds: 1 })));
});
