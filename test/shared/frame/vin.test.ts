// The check digit of a VIN, by one of the world's best known and by our own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { vinFault } from '#shared/frame/vin.ts';

test('knows right VINs, also one whose check digit is X', () => {
  for (const vin of ['1M8GDM9AXKP042788', '11111111111111111', 'LTESTVN00T0000008']) {
    assert.equal(vinFault(vin), null, vin);
  }
});

test('says what is wrong with a VIN', () => {
  assert.equal(vinFault('1M8GDM9A1KP042788'), 'check digit X wanted, found 1');
  assert.equal(vinFault('LTEST'), '17 characters wanted, found 5');
  assert.match(vinFault('1M8GDM9AXKP04278O') ?? '', /without I, O and Q wanted, found 'O'$/);
  assert.match(vinFault('1M8GDM9AXKP04278\x01') ?? '', /found 0x01$/);
});

test('nearly every flipped bit in a VIN is found out', () => {
  const vin = Buffer.from('1M8GDM9AXKP042788');
  let missed = 0;
  for (let place = 0; place < 8 * vin.length; place += 1) {
    const flipped = Buffer.from(vin);
    flipped[place >> 3] = (flipped[place >> 3] as number) ^ (1 << (place & 7));
    if (vinFault(flipped.toString('latin1')) === null) missed += 1;
  }
  assert.ok(missed <= 2, `${missed} of 136`);
});
