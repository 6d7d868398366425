// A stack of which a file may take parts away: those are its own, the rest is what `npm test`
// shares, so that a file pays only for the parts that it breaks.

import { after } from 'node:test';
import { type Stack, type StackPart, startStack } from '#deploy/local/stack.ts';
import { STACK_ENV } from './stack-under-test.ts';

/** Call it at the top level of a test file; the parts stop after the file's last test. */
export async function stackWithOwn(...parts: readonly StackPart[]): Promise<Stack> {
  const shared = (part: StackPart, name: string) =>
    parts.includes(part) ? undefined : process.env[name];
  const stack = await startStack({
    external: {
      kafkaBrokers: shared('kafka', STACK_ENV.kafkaBrokers),
      mqttUrl: shared('mqtt', STACK_ENV.mqttUrl),
      registryUrl: shared('registry', STACK_ENV.registryUrl),
      redisUrl: shared('redis', STACK_ENV.redisUrl),
    },
    say: (line) => process.stderr.write(`${line}\n`),
  });
  after(() => stack.stop());
  return stack;
}

/**
 * Stops the process of the stack's one Kafka node in its tracks: connections stay, nothing moves.
 */
export function freezeKafka({ kafka }: Pick<Stack, 'kafka'>): void {
  for (const { pid } of kafka.nodes) process.kill(pid, 'SIGSTOP');
}

export function thawKafka({ kafka }: Pick<Stack, 'kafka'>): void {
  for (const { pid } of kafka.nodes) process.kill(pid, 'SIGCONT');
}
