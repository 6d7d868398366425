// The demo as people start it, in small: it must end with 0 and say that everything adds up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { describeExit, spawnOwned } from '#deploy/local/own-process.ts';
import { sharedStack } from './stack-under-test.ts';

const stack = await sharedStack();
const mainFile = fileURLToPath(new URL('../../loadtest/demo/main.ts', import.meta.url));

test('the demo reconciles a fleet while a bridge and a state processor are killed', async () => {
  // Vehicles of this test alone: others have left states of theirs on the stack that is shared.
  const fleet = ['--vehicles', '80', '--seconds', '10', '--seed', '41'];
  const { output, exit } = await demo([...fleet, '--kill-bridge', '--kill-state']);
  assert.equal(exit, 'exit code 0', output.join('\n'));
  const [, sent, stored, quarantined] = lastLineOf(output) ?? [];
  assert.equal(count(sent), count(stored) + count(quarantined));
  assert.ok(count(sent) > 400);
  assert.ok(output.some((line) => line.includes('SIGKILL to bridge-1')));
  assert.ok(output.some((line) => line.includes('vehicle.telemetry.v1 holds it')));
  const text = output.join('\n');
  assert.match(
    text,
    /SIGKILL to state-1.*\n(.*\n)*state-2 applies records; the pause was [\d.]+ s/,
  );
  assert.match(text, /state [\d,]+\/s lag /);
  assert.match(text, /as they must be +80 .*\n.*missing +0 .*\n.*differing +0 /);
  assert.match(text, /vehicle\.state\.v1 holds it/);
});

test('the demo says what is wrong with its options and starts nothing', async () => {
  const { output, exit } = await demo(['--bad', 'many']);
  assert.equal(exit, 'exit code 1');
  assert.match(output.join('\n'), /--bad <percent>.*Wanted percent from 0 to 90/);
});

async function demo(args: readonly string[]) {
  const output: string[] = [];
  const { mqttUrl, kafkaBrokers, registryUrl, redisUrl } = stack;
  const brokers = ['--mqtt-url', mqttUrl, '--kafka', kafkaBrokers];
  const addresses = [...brokers, '--registry', registryUrl, '--redis', redisUrl];
  const demo = await spawnOwned({
    command: process.execPath,
    args: [mainFile, ...args, ...addresses],
    // The shortest: a killed processor is missed so long.
    env: { ...process.env, STREAM_SESSION_MS: '6000' },
    onLine: (line) => output.push(line),
  });
  return { output, exit: describeExit(await demo.exited) };
}

function lastLineOf(output: readonly string[]): RegExpExecArray | null {
  const number = '([\\d,]+)';
  const duplicates = 'duplicates \\d+( \\(.*\\))?';
  const sum = `sent ${number} = stored ${number} \\+ quarantined ${number}`;
  return new RegExp(`^${sum}; ${duplicates}; lost 0$`).exec(output.at(-1) ?? '');
}

function count(text: string | undefined): number {
  return Number((text ?? 'none').replaceAll(',', ''));
}
