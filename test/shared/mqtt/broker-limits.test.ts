// Which CONNACKs no shared subscriber can live with, and which cost something.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitsOf, unsafeIn, warningsOf } from '#shared/mqtt/broker-limits.ts';

const shared = ['$share/g/cars/+'];

test('a CONNACK without properties is safe and has no limit', () => {
  const limits = limitsOf();
  assert.deepEqual(unsafeIn(limits, shared), []);
  const wanted = { receiveMaximum: 65_535, keepaliveSeconds: 15, packetBytes: 1e9 };
  assert.deepEqual(warningsOf(limits, wanted), []);
});

test('no shared subscriptions are unsafe for a shared filter only', () => {
  const limits = limitsOf({ sharedSubscriptionAvailable: false });
  assert.match(unsafeIn(limits, shared).join(), /wanted shared subscriptions, found none/);
  assert.deepEqual(unsafeIn(limits, ['cars/+']), []);
});

test('no wildcard subscriptions are unsafe for a filter with wildcards only', () => {
  const limits = limitsOf({ wildcardSubscriptionAvailable: false });
  assert.match(unsafeIn(limits, shared).join(), /wanted wildcard subscriptions, found none/);
  assert.deepEqual(unsafeIn(limits, ['$share/g/cars/1']), []);
});

test('Maximum QoS 0 is unsafe, 1 is not', () => {
  assert.match(unsafeIn(limitsOf({ maximumQoS: 0 }), shared).join(), /found Maximum QoS 0/);
  assert.deepEqual(unsafeIn(limitsOf({ maximumQoS: 1 }), shared), []);
});

test('a session that the broker keeps for longer than asked is unsafe', () => {
  const kept = unsafeIn(limitsOf({ sessionExpiryInterval: 7200 }), shared);
  assert.match(kept.join(), /found an expiry of 7200 s/);
  assert.deepEqual(unsafeIn(limitsOf({ sessionExpiryInterval: 0 }), shared), []);
});

test('a broker that never misses a client is unsafe', () => {
  assert.match(unsafeIn(limitsOf({ serverKeepAlive: 0 }), shared).join(), /Server Keep Alive 0/);
  assert.deepEqual(unsafeIn(limitsOf({ serverKeepAlive: 60 }), shared), []);
});

test('all that is unsafe is said at once', () => {
  const limits = limitsOf({ maximumQoS: 0, sharedSubscriptionAvailable: false });
  assert.equal(unsafeIn(limits, shared).length, 2);
});

test('smaller windows and packets and a longer keepalive are warned of, with wanted and found', () => {
  const limits = limitsOf({ receiveMaximum: 32, serverKeepAlive: 60, maximumPacketSize: 1024 });
  const wanted = { receiveMaximum: 4000, keepaliveSeconds: 15, packetBytes: 65_536 };
  const found = warningsOf(limits, wanted).map((warning) => [warning.wanted, warning.found]);
  assert.deepEqual(found, [
    [4000, 32],
    [15, 60],
    [65_536, 1024],
  ]);
});
