// Members of the state processor of a source tree under the faults of the state oracle: they join,
// leave, die and stop past their session, and Redis loses everything.

import { join } from 'node:path';
import { startStack } from '#deploy/local/stack.ts';
import { runOracle } from '../../oracle/oracle-run.ts';
import { figuresText } from '../../proof/report.ts';
import type { Finding, Scenario } from '../plant.ts';

const plan = { seed: 52, vehicles: 40, hours: 2, reportPeriodMs: 20_000, legMs: 1_500, rounds: 1 };

/** What the oracle says when it finds a promise broken. */
const promises: readonly (readonly [RegExp, string])[] = [
  [/the oracle's states in/, 'the state is the oracle’s'],
  [/stale writes that counted|states that a late write took back/, 'no write of a zombie counts'],
  [/no write was fenced/, 'zombies are fenced'],
  [/no duplicate was found out/, 'a duplicate is recognised'],
];

export const membersComeAndGo: Scenario = {
  name: 'members come and go',
  sentence: 'Two hours of a fleet while members join, leave, die and stop past their session.',
  async play(treeDir, stage) {
    // The group and the topics must be of this run alone, and Redis is flushed.
    const stack = await startStack({ parts: ['kafka', 'registry', 'redis'], say: stage.say });
    stage.after(() => stack.stop());
    // Of a stack without a broker: nothing here speaks MQTT.
    const mqttUrl = 'mqtt://127.0.0.1:1';
    const { kafkaBrokers, registryUrl, redisUrl } = stack;
    const addresses = { mqttUrl, kafkaBrokers, registryUrl, redisUrl };
    const program = join(treeDir, 'test/oracle/member.ts');
    const scope = { passed: true, say: stage.say, after: stage.after };
    try {
      const figures = await runOracle(scope, addresses, { ...plan, program });
      stage.say(figuresText(figures));
      return { findings: [], frames: Number(figures['records']) };
    } catch (error) {
      return { findings: [findingOf(error)], frames: null };
    }
  },
};

function findingOf(error: unknown): Finding {
  const found = error instanceof Error ? error.message : String(error);
  const [, promise] = promises.find(([sentence]) => sentence.test(found)) ?? [null, 'it runs'];
  return { promise, found };
}
