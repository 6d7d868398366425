// `npm run loadtest`: only the fleet, against a broker that runs already. With --kafka and
// --registry it also checks that everything arrived.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { mqttSettings } from '#shared/mqtt/settings.ts';
import { ConfigError, loadConfig } from '#shared/runtime/config.ts';
import { delay } from '#shared/runtime/retry.ts';
import { clientConfigOf } from './demo/addresses.ts';
import { addFleetOptions } from './demo/options.ts';
import type { FleetPlan } from './fleet/fleet.ts';
import { type Mix, mixText } from './fleet/mix.ts';
import { LedgerFile } from './ledger/ledger-file.ts';
import { number, renderReconciliation, summaryOf } from './ledger/reconciliation.ts';
import { openReconciler, type Reconciler } from './reconcile.ts';
import { startFleet } from './run-fleet.ts';

interface Values {
  readonly vehicles: number;
  readonly mix: Mix;
  readonly seconds: number;
  readonly bad: number;
  readonly seed: number;
  readonly periodMs: string;
  readonly mqttUrl?: string;
  readonly kafka?: string;
  readonly registry?: string;
  readonly ledger?: string;
}

/** The answers to the last logouts are on their way. */
const answersMs = 2_000;

await main();

async function main(): Promise<void> {
  const values = parse(process.argv);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  try {
    process.exitCode = await loadtest(values, stop.signal);
  } catch (error) {
    process.exitCode = 1;
    if (stop.signal.aborted) say('Stopped before the end.');
    else if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
    else throw error;
  }
}

function parse(argv: readonly string[]): Values {
  const command = addFleetOptions(new Command('npm run loadtest --'))
    .description('Drives a simulated fleet against an MQTT broker.')
    .option('--period-ms <ms>', 'between two reports of a car', '2000')
    .option('--mqtt-url <url>', 'the broker (MQTT_URL)')
    .option('--kafka <host:port,…>', 'reconcile with this Kafka afterwards')
    .option('--registry <url>', 'the registry of its schemas')
    .option('--ledger <file>', 'where to write the ledger; default: in the temporary folder')
    .parse([...argv]);
  return command.opts<Values>();
}

async function loadtest(values: Values, signal: AbortSignal): Promise<number> {
  const env = { ...process.env, ...(values.mqttUrl && { MQTT_URL: values.mqttUrl }) };
  const mqtt = loadConfig(mqttSettings, { env });
  const reconciler = await reconcilerOf(values, mqtt.mqttUrl);
  const plan = planOf(values);
  const path = values.ledger ?? join(tmpdir(), `fleetwire-ledger-${plan.startAt}.ndjson`);
  const book = new LedgerFile(path);
  const fleet = await startFleet({ plan, mqtt, book, signal });
  const { vehicles, seconds, seed } = plan;
  say(`${vehicles} vehicles (${mixText(plan.mix)}) drive for ${seconds} s, seed ${seed}.`);
  say(`Ledger: ${path}`);
  const telling = setInterval(() => say(progressOf(book)), 5000);
  try {
    await fleet.done;
    await delay(answersMs, signal).catch(() => undefined);
  } finally {
    clearInterval(telling);
    await fleet.close();
    book.close();
  }
  say(progressOf(book));
  return reconciler === null ? 0 : reconcile(reconciler, path, signal);
}

function planOf({ vehicles, mix, seconds, bad, seed, periodMs }: Values): FleetPlan {
  return {
    vehicles,
    mix,
    seconds,
    seed,
    badShare: bad / 100,
    reportPeriodMs: Math.max(100, Number(periodMs) || 2000),
    startAt: Date.now() + 500,
    payloadBytesMax: 65_536,
  };
}

async function reconcilerOf(values: Values, mqttUrl: string): Promise<Reconciler | null> {
  if (values.kafka === undefined || values.registry === undefined) return null;
  const addresses = { mqttUrl, kafkaBrokers: values.kafka, registryUrl: values.registry };
  return openReconciler(clientConfigOf(addresses, process.env));
}

async function reconcile(
  reconciler: Reconciler,
  path: string,
  signal: AbortSignal,
): Promise<number> {
  try {
    const found = await reconciler.reconcile(path, signal);
    for (const line of renderReconciliation(found)) say(line);
    say(summaryOf(found));
    return found.isBalanced ? 0 : 1;
  } finally {
    reconciler.close();
  }
}

function progressOf({ counts }: LedgerFile): string {
  const { sentCount, ackedMessageCount, answerCount } = counts;
  return (
    `sent ${number(sentCount)} frames; acknowledged ${number(ackedMessageCount)} messages; ` +
    `answers ${number(answerCount)}`
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
