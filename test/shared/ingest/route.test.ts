// From an MQTT topic to vehicle and codec.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Address, createAddressBook } from '#shared/ingest/route.ts';
import { defaultRoutes, type Route } from '#shared/topics.ts';

const addressOf = createAddressBook(defaultRoutes);

function on(route: Partial<Route>, mqttTopic: string): Address {
  const whole: Route = { filter: 'fleet/#', idLevel: 1, codec: 'gb32960', ...route };
  return createAddressBook([whole])(mqttTopic);
}

function codeOf(address: Address): string {
  return address.kind === 'addressed' ? 'addressed' : address.code;
}

test('takes the vehicle, the codec, the key and the way back from the topic', () => {
  const address = addressOf('v1/up/LTESTVN0000000001/gb32960');
  assert.ok(address.kind === 'addressed');
  assert.equal(address.vehicleId, 'LTESTVN0000000001');
  assert.equal(address.codec, 'gb32960');
  assert.equal(address.key.toString('utf8'), 'LTESTVN0000000001');
  assert.equal(address.downTopic, 'v1/dn/LTESTVN0000000001/gb32960');
});

test('gives the same address for the same topic', () => {
  const topic = 'v1/up/LTESTVN0000000002/gb32960';
  assert.equal(addressOf(topic), addressOf(topic));
});

test('calls a topic unknown that no filter fits', () => {
  for (const topic of ['', '/', 'v1/up', 'v1/up/X', 'v2/up/X/gb32960', 'v1/up/X/gb32960/more']) {
    assert.equal(codeOf(addressOf(topic)), 'topic_unknown', topic);
  }
});

test('tells a strange codec from a strange topic, and knows the vehicle', () => {
  const address = addressOf('v1/up/LTESTVN0000000001/gb99999');
  assert.ok(address.kind === 'unaddressed');
  assert.equal(address.code, 'codec_unknown');
  assert.equal(address.vehicleId, 'LTESTVN0000000001');
  assert.equal(address.key.toString('utf8'), 'LTESTVN0000000001');
});

test('refuses an id that is empty, too long, a wildcard or no Unicode', () => {
  for (const id of ['', 'A'.repeat(129), 'a+b', 'a#', 'a\0', '\ud800']) {
    const address = addressOf(`v1/up/${id}/gb32960`);
    assert.equal(codeOf(address), 'topic_unknown', id);
    assert.ok(address.kind === 'unaddressed');
    assert.equal(address.vehicleId, '');
  }
  assert.equal(codeOf(addressOf(`v1/up/${'A'.repeat(128)}/gb32960`)), 'addressed');
});

test('matches + against one level and # against the parent and all below', () => {
  assert.equal(codeOf(on({ filter: 'a/+/c' }, 'a/x/c')), 'addressed');
  assert.equal(codeOf(on({ filter: 'a/+/c' }, 'a/x/y/c')), 'topic_unknown');
  assert.equal(codeOf(on({ filter: 'a/#', idLevel: 0 }, 'a')), 'addressed');
  assert.equal(codeOf(on({ filter: 'a/#' }, 'a/x/y/z')), 'addressed');
  assert.equal(codeOf(on({ filter: '#' }, 'a/x')), 'addressed');
  assert.equal(codeOf(on({ filter: 'a/#' }, 'b/x')), 'topic_unknown');
});

test('keeps wildcards from the topics of the broker', () => {
  assert.equal(codeOf(on({ filter: '#' }, '$SYS/x')), 'topic_unknown');
  assert.equal(codeOf(on({ filter: '+/x' }, '$SYS/x')), 'topic_unknown');
  assert.equal(codeOf(on({ filter: '$SYS/#' }, '$SYS/x')), 'addressed');
});

test('says when a topic is too short for the level of the id', () => {
  const address = on({ filter: 'a/#', idLevel: 3 }, 'a/b');
  assert.ok(address.kind === 'unaddressed');
  assert.match(address.detail, /level 3.*missing/);
});

test('lets the first matching route win', () => {
  const book = createAddressBook([
    { filter: 'a/+/#', idLevel: 1, codec: 'gb32960' },
    { filter: 'a/b/c', idLevel: 2, codec: 'gb32960' },
  ]);
  const address = book('a/b/c');
  assert.equal(address.vehicleId, 'b');
});

test('still answers right when more topics came than it remembers', () => {
  const book = createAddressBook(defaultRoutes);
  for (let n = 0; n < 40_000; n += 1) {
    assert.equal(book(`v1/up/V${n}/gb32960`).vehicleId, `V${n}`);
  }
  assert.equal(book('v1/up/V0/gb32960').vehicleId, 'V0');
});
