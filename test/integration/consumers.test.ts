// The smallest consumers, as docs/consumers shows them, against a real Kafka and registry: those
// that need nothing that the stack has not brought. `npm run prove -- consumers` has the others.

import { type TestContext, test } from 'node:test';
import { javaConsumer, typescriptConsumer } from '#test/consumers/programs.ts';
import { readsBack } from '#test/consumers/read-back.ts';
import { sharedStack } from './stack-under-test.ts';

const stack = await sharedStack();

test('the TypeScript consumer says each report once, with its values', async (t) => {
  await readsBack(typescriptConsumer(), stack, scopeOf(t));
});

test('the Java consumer says each report once, with its values', async (t) => {
  const program = await javaConsumer((line) => t.diagnostic(line));
  await readsBack(program, stack, scopeOf(t));
});

function scopeOf(t: TestContext) {
  return { after: (act: () => unknown) => t.after(() => void act()), passed: t.passed };
}
