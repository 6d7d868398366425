// What happens on the stage: the fleet drives, the table is drawn, perhaps a bridge is killed; then
// all comes to rest and is checked.

import { join } from 'node:path';
import { follow, type ReadRecord } from '#shared/kafka/reader.ts';
import { delay } from '#shared/runtime/retry.ts';
import type { FleetPlan } from '../fleet/fleet.ts';
import type { PlannedMessage } from '../fleet/planned.ts';
import { LedgerCheck, type Reconciliation } from '../ledger/check.ts';
import { Conservation } from '../ledger/conservation.ts';
import { LedgerFile, readLedger } from '../ledger/ledger-file.ts';
import { feedCheck, ledgerTopics } from '../ledger/read-topics.ts';
import { startFleet } from '../run-fleet.ts';
import { attempt } from './demo-failed.ts';
import { LiveTable } from './live-table.ts';
import { LiveView } from './live-view.ts';
import type { DemoOptions } from './options.ts';
import type { Stage } from './stage.ts';

export interface Performance {
  readonly reconciliation: Reconciliation;
  readonly view: LiveView;
  readonly ledgerPath: string;
}

/** So that 500 vehicles send about 250 frames a second. */
const reportPeriodMs = 2_000;

export async function perform(
  stage: Stage,
  options: DemoOptions,
  signal: AbortSignal,
): Promise<Performance> {
  const ledgerPath = join(stage.dir, 'ledger.ndjson');
  const ledger = new LedgerFile(ledgerPath);
  const conservation = new Conservation();
  const view = new LiveView();
  const watching = await watch(stage, view, signal);
  const plan = planOf(stage, options);
  const book = bookOf(ledger, view);
  const starting = startFleet({ plan, mqtt: stage.config, book, signal });
  const fleet = await attempt('Connecting the fleet', signal, starting);
  const table = new LiveTable(process.stdout, process.env);
  const scene = { stage, options, plan, ledger, view, table, conservation, signal };
  const drawing = draw(scene);
  const accident = options.isBridgeKilled ? killBridge(scene) : undefined;
  try {
    await Promise.all([fleet.done, accident]);
    await comeToRest(scene);
  } finally {
    drawing.stop();
    await fleet.close();
    await watching.stop();
    ledger.close();
  }
  const reconciliation = await check(scene, ledgerPath);
  return { reconciliation, view, ledgerPath };
}

interface Scene {
  readonly stage: Stage;
  readonly options: DemoOptions;
  readonly plan: FleetPlan;
  readonly ledger: LedgerFile;
  readonly view: LiveView;
  readonly table: LiveTable;
  readonly conservation: Conservation;
  readonly signal: AbortSignal;
}

function planOf(stage: Stage, options: DemoOptions): FleetPlan {
  const { vehicles, seed, seconds, badShare } = options;
  const startAt = Date.now() + 500;
  return {
    vehicles,
    seed,
    seconds,
    badShare,
    reportPeriodMs,
    startAt,
    payloadBytesMax: stage.crew.payloadBytesMax,
  };
}

/** The ledger, with the live view looking on. */
function bookOf(ledger: LedgerFile, view: LiveView) {
  return {
    sent: (message: PlannedMessage): number => {
      view.sent(message);
      return ledger.sent(message);
    },
    again: (messageNo: number) => ledger.again(messageNo),
    acked: (messageNo: number, reasonCode: number) => ledger.acked(messageNo, reasonCode),
    answered: (topic: string, payload: Buffer) => ledger.answered(topic, payload),
  };
}

/** Follows the topics from now on; resolves when every further record will be seen. */
async function watch({ client, decoder }: Stage, view: LiveView, signal: AbortSignal) {
  const stop = new AbortController();
  const onRecord = ({ topic, timestamp, value }: ReadRecord): void => {
    const decoded = decoder.decode(value ?? Buffer.alloc(0));
    if (!(decoded instanceof Promise)) view.stored(topic, timestamp, decoded);
  };
  const ready = Promise.withResolvers<void>();
  const following = follow({
    client,
    topics: ledgerTopics,
    onRecord,
    from: 'end',
    signal: AbortSignal.any([stop.signal, signal]),
    onReady: ready.resolve,
  });
  await Promise.race([ready.promise, following]);
  return {
    async stop(): Promise<void> {
      stop.abort();
      await following;
    },
  };
}

function draw({ stage, options, plan, view, table, conservation }: Scene) {
  const { seconds, vehicles } = options;
  const tick = async (): Promise<void> => {
    const inFlightCount = await stage.crew.inFlightCount(conservation);
    const elapsedSeconds = Math.max(0, Math.round((Date.now() - plan.startAt) / 1000));
    const title = `${vehicles} vehicles, ${stage.crew.names}`;
    const { totals } = view;
    const second = view.takeSecond();
    table.draw({ elapsedSeconds, seconds, second, totals, inFlightCount, title });
  };
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = last.then(tick);
  }, 1000);
  return { stop: () => clearInterval(timer) };
}

/** By then the broker has seen that the connections of the killed bridge are dead. */
const noticedMs = 1_000;

async function killBridge({ stage, plan, ledger, table, signal }: Scene): Promise<void> {
  await delay(plan.startAt + plan.seconds * 500 - Date.now(), signal);
  const [victim] = stage.crew.running;
  if (victim === undefined) return;
  table.say(`SIGKILL to ${victim.name}; its un-acknowledged frames are the broker's again.`);
  const at = Date.now();
  await stage.crew.kill(victim);
  ledger.fault({ at, untilAt: Date.now() + noticedMs, what: `SIGKILL of ${victim.name}` });
  const next = await stage.crew.start();
  table.say(`${next.name} is ready.`);
}

const quietMs = 1_500;
const restMsMax = 60_000;

/** Every frame sent has its record and its answer, no bridge holds one; or all stands still. */
async function comeToRest(scene: Scene): Promise<void> {
  const { stage, view, ledger, conservation, signal } = scene;
  for (;;) {
    const inFlightCount = await stage.crew.inFlightCount(conservation);
    const { sentCount, storedCount, quarantinedCount } = view.totals;
    const idleMs = Date.now() - view.lastRecordAt;
    const isStored = storedCount + quarantinedCount >= sentCount && inFlightCount === 0;
    const isAllThere = isStored && ledger.counts.answerCount >= view.answersWantedCount;
    if ((isAllThere && idleMs > quietMs) || idleMs > restMsMax) return;
    await delay(250, signal);
  }
}

async function check(scene: Scene, ledgerPath: string): Promise<Reconciliation> {
  const { stage, options, conservation } = scene;
  const found = new LedgerCheck(await readLedger(ledgerPath));
  await feedCheck(found, { client: stage.client, decoder: stage.decoder, from: stage.ends });
  const isKafkaHere = options.stack.external?.kafkaBrokers === undefined;
  return found.result({
    conservation,
    redeliveryMax: stage.crew.redeliveryMax,
    // Fleet and Kafka have one clock when they share the machine.
    skewMs: isKafkaHere ? 0 : null,
  });
}
