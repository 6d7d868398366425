// The commands that read, against a real Kafka, Apicurio and Redis: what they show is what is
// stored, and what they forget is gone.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { forgetVehicle } from '#services/cli/forget-vehicle.ts';
import { follow } from '#shared/kafka/reader.ts';
import { readPartitionSpans } from '#shared/kafka/stretches.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { runCommand } from '#test/services/cli/run-command.ts';
import { eventually } from './eventually.ts';
import { openReadSideBed } from './read-side-bed.ts';

const bed = await openReadSideBed();
const { vehicleId, partition, client } = bed;

const run = (line: string) => runCommand(line, bed.env);

async function endOf(topic: string): Promise<number> {
  const spans = await readPartitionSpans(client, [topic]);
  return spans[partition]!.high;
}

test('tail shows the records of one vehicle in order, as JSON and for people', async () => {
  const reportAt = await endOf(kafkaTopics.telemetry);
  await bed.report({ isReissued: false });
  await bed.report({ isPartial: true, partialReason: 'it broke', remainder: Buffer.from('ab') });
  const command = `tail telemetry --vehicle ${vehicleId} --from beginning --count 2`;
  const json = await run(`${command} --json`);
  assert.deepEqual([json.code, json.err, json.out.length], [0, [], 2]);
  const [first, second] = json.out.map((line) => JSON.parse(line));
  assert.deepEqual(
    [first.kind, first.topic, first.partition, first.offset, first.key, first.schema],
    ['record', kafkaTopics.telemetry, partition, reportAt, vehicleId, 'telemetry.v1'],
  );
  assert.equal(first.value.frameId, '0123456789abcdef');
  assert.equal(second.value.remainder, '6162');
  const plain = await run(command);
  assert.match(plain.out.join('\n'), new RegExp(`${vehicleId}  ${kafkaTopics.telemetry} `));
  assert.match(plain.out.join('\n'), /partialReason it broke/);
});

test('tail masks the password of a platform, in both forms', async () => {
  const platformLogin = { username: 'platform', password: 'hunter2', encryptionRule: 1 };
  await bed.lifecycle({ event: 'platform_login', platformLogin });
  for (const form of ['', ' --json']) {
    const { out } = await run(
      `tail lifecycle --vehicle ${vehicleId} --from beginning --count 1${form}`,
    );
    assert.match(out.join('\n'), /password\W+\*\*\*/);
    assert.doesNotMatch(out.join('\n'), /hunter2/);
  }
});

test('tail shows bytes that it cannot decode with the reason, and goes on', async () => {
  await bed.storeBytes(kafkaTopics.quarantine, Buffer.from('no record of ours'));
  await bed.refuse({ reason: 'frame_checksum' });
  const command = `tail quarantine --vehicle ${vehicleId} --from beginning --count 2`;
  const [broken, whole] = (await run(`${command} --json`)).out.map((line) => JSON.parse(line));
  assert.deepEqual([broken.kind, broken.code], ['undecodable', 'not_framed']);
  assert.equal(Buffer.from(broken.bytes, 'hex').toString(), 'no record of ours');
  assert.equal(whole.value.reason, 'frame_checksum');
  const plain = (await run(command)).out.join('\n');
  assert.match(
    plain,
    /UNDECODABLE\n {2}not_framed: want 0x00 and a schema id[\s\S]*frame_checksum/,
  );
});

test('tail shows what comes from now on, and Ctrl-C ends it cleanly', async () => {
  const main = join(repositoryRoot, 'services', 'cli', 'main.ts');
  const args = [main, 'tail', 'heartbeat', '--vehicle', vehicleId, '--json'];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...bed.env } });
  const exited = once(child, 'exit');
  const err = text(child.stderr);
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  // What comes before it has looked where the topic ends is not shown: so again and again.
  await eventually('a record is shown', async () => {
    await bed.lifecycle({ event: 'heartbeat' }, kafkaTopics.heartbeat);
    assert.match(out, /"event":"heartbeat"/);
  });
  child.kill('SIGINT');
  assert.deepEqual([await exited, await err], [[0, null], '']);
});

test('vehicle of an unknown id says where it looked and what was meant, and ends with 1', async () => {
  const { code, out, err } = await run(`vehicle ${vehicleId}7`);
  assert.deepEqual([code, out], [1, []]);
  assert.match(err.join('\n'), /found nothing of LREAD.*\n.*Redis has none\n.*vehicle\.state\.v1/);
  assert.match(err.join('\n'), new RegExp(`did you mean ${vehicleId}\\?`));
});

test('vehicle shows its state, its latest records, and what is applied', async () => {
  const applied = (await endOf(kafkaTopics.telemetry)) - 1;
  const provenance = { epoch: 5, appliedOffsets: [applied, -1, -1, -1], replayFromOffsets: [] };
  await bed.publishState({ provenance, lastSeenTime: Date.now() - 60_000 });
  const fromTopic = await run(`vehicle ${vehicleId}`);
  assert.deepEqual([fromTopic.code, fromTopic.err], [0, []]);
  assert.match(fromTopic.out.join('\n'), /state from vehicle\.state\.v1, .* since Redis has none/);
  await bed.keepState({ provenance, lastSeenTime: Date.now() });
  const { out } = await run(`vehicle ${vehicleId} --frames 1`);
  const shown = out.join('\n');
  assert.match(shown, /state from Redis; last seen \d s ago\n.*one that is \d+ (min|s).* older/);
  assert.match(shown, /vehicle\.speedKmh +43\.2 +km\/h +\d+ d/);
  assert.match(shown, /motors\[no=2\]\.torqueNm +12\.5 +N\.m /);
  assert.match(shown, /quarantine \d+\/\d+ +refused: frame_checksum/);
  assert.match(shown, new RegExp(`telemetry ${partition}/${applied} applied, the group is`));
  assert.match(shown, new RegExp(`lifecycle ${partition}/\\d+ not applied, `));
});

test('vehicle as JSON has the state, the signals with their units, and the places', async () => {
  const { out } = await run(`vehicle ${vehicleId} --json --frames 1`);
  const look = JSON.parse(out[0]!);
  assert.deepEqual([look.source, look.state.vehicleId], ['redis', vehicleId]);
  const soc = look.signals.find((signal: { path: string }) => signal.path.endsWith('socPercent'));
  assert.deepEqual([soc.value, soc.unit], [81, 'percent']);
  assert.deepEqual(
    look.pipeline.map(({ topic }: { topic: string }) => topic),
    [kafkaTopics.telemetry, kafkaTopics.backfill, kafkaTopics.lifecycle, kafkaTopics.heartbeat],
  );
});

test('vehicle works from the topic alone where Redis is away, and says so', async () => {
  const { code, out } = await run(`vehicle ${vehicleId} --redis redis://127.0.0.1:9`);
  assert.equal(code, 0);
  assert.match(
    out.join('\n'),
    /state from vehicle\.state\.v1.*since Redis at 127\.0\.0\.1:9 is away/,
  );
});

test('forget removes the state everywhere, says what ages out when, and can be run again', async () => {
  const forgetCount = await bed.forgetCount();
  const { code, out, err } = await run(`vehicle forget ${vehicleId} --yes`);
  const said = out.join('\n');
  assert.deepEqual([code, err], [0, []]);
  assert.match(said, /Redis: removed\nvehicle\.state\.v1: tombstone at \d+\/\d+\n.* is forgotten/);
  assert.match(said, /vehicle\.quarantine\.v1: kept for 30 d, deleted by \d{4}-/);
  assert.match(said, /vehicle\.state\.v1: earlier states until .* the tombstone 1 d longer/);
  assert.deepEqual([await bed.isKept(), await bed.forgetCount()], [false, forgetCount + 1]);
  const look = await run(`vehicle ${vehicleId}`);
  assert.match(look.out.join('\n'), /no state: Redis has none, and it was forgotten/);
  const again = await run(`vehicle forget ${vehicleId} --yes`);
  assert.deepEqual([again.code, again.out[0]], [0, 'Redis: there was nothing']);
});

test('forget writes another tombstone where an old state lands after the first', async () => {
  const enough = new AbortController();
  let isLate = false;
  const storing = follow({
    client,
    topics: [kafkaTopics.state],
    from: 'end',
    signal: enough.signal,
    onRecord: ({ key, value }) => {
      if (isLate || value !== null || key?.toString() !== vehicleId) return;
      isLate = true;
      // As an owner does that was about to store what it remembered.
      bed.publishState().catch(() => {});
    },
  });
  const store = { forget: async () => true, load: async () => [null] };
  const forgotten = await forgetVehicle({ client, store, vehicleId, waitMs: 1_500 });
  enough.abort();
  await storing;
  assert.deepEqual([forgotten.outcome, forgotten.tombstones.length], ['gone', 2]);
});

test('lag counts what a group has not read, who reads, and shouts where nobody does', async () => {
  const topic = kafkaTopics.telemetry;
  const groupId = `test-${randomUUID()}`;
  const consumer = client.kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
  after(() => consumer.disconnect());
  const isMember = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic] });
  await consumer.run({ autoCommit: false, eachMessage: async () => {} });
  await isMember;
  const offset = String((await endOf(topic)) - 1);
  await consumer.commitOffsets([{ topic, partition, offset }]);

  const watched = await run(`lag --group ${groupId} --interval 1 --json`);
  const [found] = JSON.parse(watched.out[0]!).groups;
  assert.deepEqual([found.group, found.members.length], [groupId, 1]);
  const ours = found.topics[0].partitions[partition];
  assert.deepEqual([ours.records, ours.vehicles, ours.drain.kind], [1, 1, 'standing']);
  assert.equal(ours.owner, found.members[0].clientId);

  await consumer.disconnect();
  const alone = await run(`lag --group ${groupId} --interval 1`);
  assert.deepEqual([alone.code, alone.err], [0, []]);
  assert.match(alone.out[0]!, new RegExp(`^${groupId}: NO MEMBERS, NOBODY READS: `));
  const row = `telemetry +${partition} +${offset} +\\d+ +1 +[\\d.]+ +1  nobody reads it  nobody`;
  assert.match(alone.out.join('\n'), new RegExp(row));
});
