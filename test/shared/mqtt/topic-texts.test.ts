// Names that share a slot, differ in length or are no ASCII must never be taken for each other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TopicTexts } from '#shared/mqtt/topic-texts.ts';

test('answers the text of the bytes, whatever came before', () => {
  const name = fc.string({ unit: 'binary', maxLength: 80 });
  fc.assert(
    fc.property(fc.array(name, { maxLength: 60 }), (names) => {
      const texts = new TopicTexts();
      for (const each of [...names, ...names]) {
        const bytes = Buffer.from(`..${each}..`);
        assert.equal(
          texts.textOf(bytes, 2, bytes.length - 2),
          bytes.toString('utf8', 2, bytes.length - 2),
        );
      }
    }),
  );
});

test('keeps more vehicles apart than it has room for', () => {
  const texts = new TopicTexts();
  for (let round = 0; round < 2; round += 1) {
    for (let serial = 0; serial < 20_000; serial += 1) {
      const text = `v1/up/FWRBENCH${String(serial).padStart(9, '0')}/gb32960`;
      assert.equal(texts.textOf(Buffer.from(text), 0, text.length), text);
    }
  }
});
