// `npm run demo`: real brokers, two bridges, a state processor and a fleet; frames seen moving,
// then reconciled. Ends with exit code 0 only if everything adds up.

import { rm } from 'node:fs/promises';
import { MissingPartError } from '#deploy/local/missing.ts';
import { ConfigError } from '#shared/runtime/config.ts';
import { mixText } from '../fleet/mix.ts';
import { renderReconciliation, summaryOf } from '../ledger/reconciliation.ts';
import { DemoFailed } from './demo-failed.ts';
import { type DemoOptions, parseDemoOptions } from './options.ts';
import { type Performance, perform } from './performance.ts';
import { showSample, showState } from './show-sample.ts';
import { raiseStage, type Stage } from './stage.ts';
import { renderStates } from './state-check.ts';

await main();

async function main(): Promise<void> {
  const options = parseDemoOptions(process.argv);
  const stop = stopOnSignal();
  try {
    process.exitCode = await demo(options, stop.signal);
  } catch (error) {
    process.exitCode = 1;
    if (stop.signal.aborted) say('Stopped before the end; nothing is left running.');
    else if (isNews(error)) process.stderr.write(`${error.message}\n`);
    else throw error;
  }
}

async function demo(options: DemoOptions, signal: AbortSignal): Promise<number> {
  const stage = await raiseStage({ stack: options.stack, env: process.env, say, signal });
  try {
    sayStart(options);
    const performance = await perform(stage, options, signal);
    sayResult(performance);
    if (options.isKept) await keep(stage, signal);
    const faults = await stage.takeDown();
    for (const fault of faults) say(fault);
    const { reconciliation, states } = performance;
    const isGood = reconciliation.isBalanced && states.isGood && faults.length === 0;
    if (isGood) await rm(performance.ledgerPath);
    else say(`It does not add up. Ledger and logs: ${stage.dir}`);
    say(summaryOf(reconciliation));
    return isGood ? 0 : 1;
  } finally {
    await stage.takeDown();
  }
}

function sayStart({ vehicles, mix, seconds, badShare, seed }: DemoOptions): void {
  const bad = `${Math.round(badShare * 1000) / 10} % bad frames`;
  say(`${vehicles} vehicles (${mixText(mix)}) drive for ${seconds} s, ${bad}, seed ${seed}.`);
}

function sayResult({ reconciliation, view, states, sampleState }: Performance): void {
  for (const sample of view.samplesInOrder()) say(['', ...showSample(sample)].join('\n'));
  if (sampleState !== undefined) say(['', ...showState(sampleState)].join('\n'));
  say('\nReconciliation:');
  for (const line of renderReconciliation(reconciliation)) say(line);
  say('\nStates:');
  for (const line of renderStates(states)) say(line);
}

async function keep(stage: Stage, signal: AbortSignal): Promise<void> {
  const { addresses, crew, stateCrew } = stage;
  const { mqttUrl, kafkaBrokers, registryUrl, redisUrl } = addresses;
  say('\nLeft running:');
  say(`MQTT_URL=${mqttUrl}`);
  say(`KAFKA_BROKERS=${kafkaBrokers}`);
  say(`REGISTRY_URL=${registryUrl}`);
  say(`REDIS_URL=${redisUrl}`);
  for (const { name, opsUrl } of [...crew.running, ...stateCrew.running]) {
    say(`${name}: ${opsUrl}/metrics`);
  }
  const options = `--mqtt-url ${mqttUrl} --kafka ${kafkaBrokers} --registry ${registryUrl}`;
  say(`More frames: npm run loadtest -- ${options}`);
  say('Ctrl-C stops it.');
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

/** The first Ctrl-C ends the demo in order; a second one ends this process at once. */
function stopOnSignal(): AbortController {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(1);
      stop.abort();
    });
  }
  return stop;
}

/** For people, who need no stack of calls. */
function isNews(error: unknown): error is Error {
  return [MissingPartError, ConfigError, DemoFailed].some((kind) => error instanceof kind);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
