// Both clients behind the producer port on three Kafka nodes that are disturbed; the short form of
// the proof `producers`.

import { test } from 'node:test';
import { holdContract } from '../producers/contract.ts';
import { figuresText } from '../proof/report.ts';

test('no client loses a record when leaders move, answers are lost and a broker is killed', async (t) => {
  const stage = {
    say: (line: string) => t.diagnostic(line),
    after: (act: () => unknown) => t.after(async () => void (await act())),
    get passed() {
      return t.passed;
    },
  };
  const options = { seconds: 6, brokerDownMs: 1_500, moveEveryMs: 1_000 };
  t.diagnostic(figuresText(await holdContract(stage, options)));
});
