// What happens on the stage: the fleet drives, the table is drawn, perhaps something is killed;
// then all comes to rest and is checked.

import { join } from 'node:path';
import type { VehicleState } from '#shared/avro/types.generated.ts';
import { delay } from '#shared/runtime/retry.ts';
import type { FleetPlan } from '../fleet/fleet.ts';
import type { PlannedMessage } from '../fleet/planned.ts';
import { LedgerCheck, type Reconciliation } from '../ledger/check.ts';
import { Conservation } from '../ledger/conservation.ts';
import { LedgerFile, readLedger } from '../ledger/ledger-file.ts';
import { feedCheck } from '../ledger/read-topics.ts';
import type { StoredRecord } from '../ledger/record-fields.ts';
import { startFleet } from '../run-fleet.ts';
import { type AccidentScene, happen } from './accidents.ts';
import { attempt } from './demo-failed.ts';
import { ExpectedStates, type LatestEventTimes } from './expected-states.ts';
import { LiveTable } from './live-table.ts';
import { LiveView } from './live-view.ts';
import type { DemoOptions } from './options.ts';
import type { Stage } from './stage.ts';
import { checkStates, type StateOutcome } from './state-check.ts';
import { StateView } from './state-view.ts';
import { watch } from './watch.ts';

export interface Performance {
  readonly reconciliation: Reconciliation;
  readonly states: StateOutcome;
  /** Of a vehicle that has a position, where there is one. */
  readonly sampleState: VehicleState | undefined;
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
  const [view, stateView, conservation] = [new LiveView(), new StateView(), new Conservation()];
  const watching = await watch(stage, { view, stateView }, signal);
  const table = new LiveTable(process.stdout, process.env);
  const plan = planOf(stage, options);
  const scene = { stage, options, plan, ledger, view, stateView, table, conservation, signal };
  try {
    await drive(scene);
    const { reconciliation, latest } = await check(scene);
    const states = await whenStatesSettle(scene, latest);
    return { reconciliation, states, sampleState: stateView.sample, view, ledgerPath };
  } finally {
    await watching.stop();
  }
}

interface Scene {
  readonly stage: Stage;
  readonly options: DemoOptions;
  readonly plan: FleetPlan;
  readonly ledger: LedgerFile;
  readonly view: LiveView;
  readonly stateView: StateView;
  readonly table: LiveTable;
  readonly conservation: Conservation;
  readonly signal: AbortSignal;
}

/** From the first frame until no bridge holds one. */
async function drive(scene: Scene): Promise<void> {
  const { stage, plan, ledger, view, signal } = scene;
  const starting = startFleet({ plan, mqtt: stage.config, book: bookOf(ledger, view), signal });
  const fleet = await attempt('Connecting the fleet', signal, starting);
  const drawing = draw(scene);
  try {
    await Promise.all([fleet.done, happen(accidentOf(scene))]);
    await comeToRest(scene);
  } finally {
    drawing.stop();
    await fleet.close();
    ledger.close();
  }
}

function accidentOf({ stage, options, plan, ledger, table, signal }: Scene): AccidentScene {
  const halfwayAt = plan.startAt + plan.seconds * 500;
  return { stage, options, ledger, halfwayAt, say: (line) => table.say(line), signal };
}

function planOf(stage: Stage, options: DemoOptions): FleetPlan {
  const { vehicles, mix, seed, seconds, badShare } = options;
  const startAt = Date.now() + 500;
  return {
    vehicles,
    mix,
    seed,
    seconds,
    badShare,
    reportPeriodMs,
    startAt,
    payloadBytesMax: stage.crew.payloadBytesMax,
    signer: stage.signer,
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

function draw({ stage, options, plan, view, table, conservation }: Scene) {
  const { crew, stateCrew } = stage;
  const { seconds, vehicles } = options;
  let appliedCount = 0;
  const tick = async (): Promise<void> => {
    const inFlightCount = await crew.inFlightCount(conservation);
    const figures = await stateCrew.figures();
    const newlyAppliedCount = (figures?.appliedCount ?? appliedCount) - appliedCount;
    appliedCount += newlyAppliedCount;
    table.draw({
      elapsedSeconds: Math.max(0, Math.round((Date.now() - plan.startAt) / 1000)),
      seconds,
      second: view.takeSecond(),
      totals: view.totals,
      inFlightCount,
      state: figures && { ...figures, newlyAppliedCount },
      title: `${vehicles} vehicles, ${crew.names}, ${stateCrew.names || 'no state processor'}`,
    });
  };
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = last.then(tick);
  }, 1000);
  return { stop: () => clearInterval(timer) };
}

const quietMs = 1_500;
const restMsMax = 60_000;

/** Every frame sent has its records and its answer, no bridge holds one; or all stands still. */
async function comeToRest(scene: Scene): Promise<void> {
  const { stage, view, ledger, conservation, signal } = scene;
  for (;;) {
    const inFlightCount = await stage.crew.inFlightCount(conservation);
    const { storedCount, quarantinedCount } = view.totals;
    const idleMs = Date.now() - view.lastRecordAt;
    const isStored =
      storedCount + quarantinedCount >= view.recordsWantedCount && inFlightCount === 0;
    const isAllThere = isStored && ledger.counts.answerCount >= view.answersWantedCount;
    if ((isAllThere && idleMs > quietMs) || idleMs > restMsMax) return;
    await delay(250, signal);
  }
}

/**
 * Every record against the ledger; and the latest event time that each vehicle's state must have.
 */
async function check({ stage, options, ledger, conservation }: Scene) {
  const written = await readLedger(ledger.path);
  const [found, expected] = [new LedgerCheck(written), new ExpectedStates()];
  const sink = {
    add: (record: StoredRecord): void => {
      found.add(record);
      expected.add(record);
    },
    addUnreadable: (where: string) => found.addUnreadable(where),
  };
  await feedCheck(sink, { client: stage.client, decoder: stage.decoder, from: stage.ends });
  const isKafkaHere = options.stack.external?.kafkaBrokers === undefined;
  const reconciliation = found.result({
    conservation,
    redeliveryMax: stage.crew.redeliveryMax,
    // Fleet and Kafka have one clock when they share the machine.
    skewMs: isKafkaHere ? 0 : null,
  });
  return { reconciliation, latest: expected.latest(written) };
}

const settleMsMax = 30_000;

/** Until nothing waits to be applied and every state is as late as it must be; or for too long. */
async function whenStatesSettle(scene: Scene, latest: LatestEventTimes): Promise<StateOutcome> {
  const { stage, stateView, signal } = scene;
  for (const giveUpAt = Date.now() + settleMsMax; ; ) {
    const figures = await stage.stateCrew.figures();
    const found = checkStates(latest, stateView.states);
    const lagRecords = figures?.lagRecords ?? null;
    if ((found.isGood && lagRecords === 0) || Date.now() > giveUpAt) {
      const isGood = found.isGood && lagRecords === 0;
      return {
        ...found,
        isGood,
        lagRecords,
        completenessRatio: figures?.completenessRatio ?? null,
      };
    }
    await delay(250, signal);
  }
}
