// Names are looked up once at a time, and nobody waits for one without end. The resolver is the
// test's own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Lookup, sharedLookup } from '#shared/runtime/lookups.ts';

type Answer = Parameters<Parameters<Lookup>[2]>;

function fixture(msMax = 60_000) {
  const asked: { readonly name: string; readonly answer: (...answer: Answer) => void }[] = [];
  const lookup = sharedLookup((name, _, answer) => void asked.push({ name, answer }), msMax);
  const ask = (name: string, options = {}) => {
    return new Promise<Answer>((resolve) => {
      lookup(name, options, (...answer) => resolve(answer));
    });
  };
  return { asked, ask };
}

test('whoever asks for a name that is being asked for gets the same answer', async () => {
  const { asked, ask } = fixture();
  const answers = [ask('broker'), ask('broker'), ask('kafka'), ask('broker', { all: true })];
  assert.deepEqual(
    asked.map(({ name }) => name),
    ['broker', 'kafka', 'broker'],
  );
  for (const { answer } of asked) answer(null, '10.0.0.1', 4);
  assert.deepEqual(await Promise.all(answers), new Array(4).fill([null, '10.0.0.1', 4]));
});

test('an answer is for those who asked before it; the next one asks anew', async () => {
  const { asked, ask } = fixture();
  const first = ask('broker');
  asked[0]?.answer(new Error('getaddrinfo EAI_AGAIN broker'), []);
  const [error] = await first;
  assert.match(String(error), /EAI_AGAIN/);
  const second = ask('broker');
  asked[1]?.answer(null, '10.0.0.1', 4);
  assert.deepEqual(await second, [null, '10.0.0.1', 4]);
});

test('a resolver that hangs is told by time, and is not asked again for that name until it answers', async () => {
  const { asked, ask } = fixture(20);
  const [error] = await ask('broker');
  assert.equal((error as NodeJS.ErrnoException).code, 'ETIMEOUT');
  assert.match(String(error), /ETIMEOUT broker: the resolver has not answered within 20 ms/);
  const late = ask('broker');
  assert.equal(asked.length, 1, 'one thread is kept, whatever the number of attempts');
  asked[0]?.answer(null, '10.0.0.1', 4);
  assert.deepEqual(await late, [null, '10.0.0.1', 4], 'what comes late serves who waits now');
});

test('a look-up that cannot even begin is answered with why, and the next one begins anew', async () => {
  const table: (Error | string)[] = [new Error('EMFILE: too many open files'), '10.0.0.1'];
  const lookup = sharedLookup((_, __, answer) => {
    const found = table.shift();
    if (found instanceof Error) throw found;
    answer(null, found ?? '', 4);
  }, 60_000);
  const ask = () => new Promise<Answer>((resolve) => lookup('kafka', {}, (...a) => resolve(a)));
  const [error] = await ask();
  assert.match(String(error), /EMFILE/);
  assert.deepEqual(await ask(), [null, '10.0.0.1', 4]);
});
