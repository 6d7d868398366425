// The witness tells what bytes between a broker and a bridge say, however they are cut.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generate, type Packet } from 'mqtt-packet';
import { MqttWitness, messageKey } from './mqtt-witness.ts';

const topic = 'v1/up/FWREV1A0XT1000001/gb32960';

function publish(messageId: number, payload: string, dup = false): Buffer {
  return bytesOf({ cmd: 'publish', topic, payload, qos: 1, messageId, dup, retain: false });
}

function puback(messageId: number): Buffer {
  return bytesOf({ cmd: 'puback', messageId, reasonCode: 0 });
}

function bytesOf(packet: Packet): Buffer {
  return generate(packet, { protocolVersion: 5 });
}

function openWitness() {
  const witness = new MqttWitness();
  const tap = witness.tap('bridge 1');
  tap.up(
    bytesOf({
      cmd: 'connect',
      clientId: 'b1',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clean: true,
    }),
  );
  return { witness, tap };
}

test('a message is acknowledged when the PUBACK for its packet id was sent', () => {
  const { witness, tap } = openWitness();
  const bytes = Buffer.concat([publish(1, 'one'), publish(2, 'two')]);
  for (const byte of bytes) tap.down(Buffer.of(byte));
  assert.equal(witness.outstandingCount, 2);
  tap.up(puback(1));
  assert.equal(witness.outstandingCount, 1);
  assert.equal(witness.ackedCount, 1);
  const deliveriesOf = (payload: string) => witness.deliveries.get(messageKey(topic, payload));
  assert.ok(deliveriesOf('one')?.[0]?.ackedAt);
  assert.equal(deliveriesOf('two')?.[0]?.ackedAt, null);
  assert.equal(deliveriesOf('two')?.[0]?.session.clientId, 'b1');
  assert.deepEqual(witness.breaches, []);
});

test('a message that is delivered again on another connection has two deliveries', () => {
  const { witness, tap } = openWitness();
  tap.down(publish(1, 'one'));
  tap.closed();
  assert.equal(witness.outstandingCount, 0, 'what a dead connection holds is nobody’s');
  const next = witness.tap('bridge 2');
  next.down(publish(1, 'one'));
  next.up(puback(1));
  const deliveries = witness.deliveries.get(messageKey(topic, 'one')) ?? [];
  assert.deepEqual(
    deliveries.map(({ session, ackedAt }) => [session.link, ackedAt !== null]),
    [
      ['bridge 1', false],
      ['bridge 2', true],
    ],
  );
  assert.ok(deliveries[0]?.session.closedAt);
});

test('a PUBACK for what was not delivered on that connection is a breach', () => {
  const { witness, tap } = openWitness();
  tap.down(publish(7, 'one'));
  tap.up(puback(7));
  tap.up(puback(7));
  assert.deepEqual(witness.breaches, ['bridge 1 as b1 acknowledged 7, which it had not got']);
});

test('a message that is repeated while it is un-acknowledged has one delivery and one PUBACK', () => {
  const { witness, tap } = openWitness();
  tap.down(Buffer.concat([publish(1, 'one'), publish(1, 'one', true)]));
  assert.deepEqual([witness.repeatedCount, witness.outstandingCount], [1, 1]);
  tap.up(puback(1));
  assert.equal(witness.deliveries.get(messageKey(topic, 'one'))?.length, 1);
  assert.deepEqual(witness.breaches, []);
});

test('one more PUBACK for a repeat that had crossed the first is a delivery of its own, a third is a breach', () => {
  const { witness, tap } = openWitness();
  tap.down(Buffer.concat([publish(1, 'one'), publish(2, 'two'), publish(1, 'one', true)]));
  for (let times = 0; times < 3; times += 1) tap.up(puback(1));
  const deliveries = witness.deliveries.get(messageKey(topic, 'one')) ?? [];
  assert.deepEqual(
    deliveries.map(({ isRepeat = false }) => isRepeat),
    [false, true],
  );
  assert.deepEqual(witness.breaches, ['bridge 1 as b1 acknowledged 1, which it had not got']);
});

test('a repeat of what was acknowledged before is a delivery of its own', () => {
  const { witness, tap } = openWitness();
  tap.down(publish(1, 'one'));
  tap.up(puback(1));
  tap.down(publish(1, 'one', true));
  tap.up(puback(1));
  const deliveries = witness.deliveries.get(messageKey(topic, 'one')) ?? [];
  assert.deepEqual(
    deliveries.map(({ isRepeat = false }) => isRepeat),
    [false, true],
  );
  assert.deepEqual([witness.repeatedCount, witness.breaches], [0, []]);
});

test('a PUBACK before its turn is a breach', () => {
  const { witness, tap } = openWitness();
  tap.down(Buffer.concat([publish(1, 'one'), publish(2, 'two')]));
  tap.up(puback(2));
  assert.deepEqual(witness.breaches, ['bridge 1 as b1 acknowledged 2 before 1']);
});

test('a bridge that leaves is told from one that is gone', () => {
  const { witness, tap } = openWitness();
  tap.up(bytesOf({ cmd: 'disconnect', reasonCode: 0 }));
  tap.closed();
  assert.ok(witness.sessions[0]?.isLeft);
});
