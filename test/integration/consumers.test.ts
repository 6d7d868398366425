// The smallest consumers, as docs/consumers shows them, against a real Kafka and registry: those
// that need nothing that the stack has not brought. `npm run prove -- consumers` has the others.

import { suite, type TestContext, test } from 'node:test';
import { javaConsumer, typescriptConsumer } from '#test/consumers/programs.ts';
import { readsBack } from '#test/consumers/read-back.ts';
import { openGround } from './ground.ts';
import { sharedStack } from './stack-under-test.ts';

const ground = await openGround(await sharedStack());

// Side by side: most of the time they wait for their group.
suite('the smallest consumers', { concurrency: true }, () => {
  test('the TypeScript consumer says each report once, with its values', async (t) => {
    await readsBack(typescriptConsumer(), ground, scopeOf(t));
  });

  test('the Java consumer says each report once, with its values', async (t) => {
    const program = await javaConsumer((line) => t.diagnostic(line));
    await readsBack(program, ground, scopeOf(t));
  });
});

function scopeOf(t: TestContext) {
  return { after: (act: () => unknown) => t.after(() => void act()), passed: t.passed };
}
