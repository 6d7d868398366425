// One run against the oracle: simulated hours of a fleet while members join, leave, are killed and
// stopped, and Redis loses everything; then every state is compared.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Addresses } from '#loadtest/demo/addresses.ts';
import { eventually } from '../integration/eventually.ts';
import type { Figures, ProofStage } from '../proof/proof.ts';
import {
  differencesOf,
  expectedStates,
  type FoundStates,
  type Inputs,
  type Places,
  quarantineOf,
  readInputs,
  statesInRedis,
  stateTopicOf,
  takenBack,
} from './findings.ts';
import type { MemberProcess, StopPlace } from './member-process.ts';
import { type OracleBed, openOracleBed, oracleLimits } from './oracle-bed.ts';

export interface OraclePlan {
  readonly seed: number;
  readonly vehicles: number;
  readonly hours: number;
  readonly reportPeriodMs: number;
  /** Wall clock over which one leg of the traffic is spread at least. */
  readonly legMs: number;
  /** How often the whole round of faults is gone through. */
  readonly rounds: number;
  /** Of the members. Default: the one of this source. */
  readonly program?: string;
}

/** Long ago, so that nothing depends on the day on which it runs. */
const startAt = Date.UTC(2026, 0, 15, 4);

export async function runOracle(
  stage: ProofStage,
  addresses: Addresses & { readonly redisUrl: string },
  plan: OraclePlan,
): Promise<Figures> {
  const bed = await openOracleBed(stage, addresses, { ...plan, startAt });
  const run = new OracleRun(stage, bed, plan);
  await run.drive();
  return run.judge();
}

interface Deed {
  readonly what: string;
  readonly act: () => Promise<unknown>;
}

class OracleRun {
  readonly #stage: ProofStage;
  readonly #bed: OracleBed;
  readonly #plan: OraclePlan;
  readonly #counts = { joins: 0, leaves: 0, kills: 0, stops: 0, flushes: 0 };

  constructor(stage: ProofStage, bed: OracleBed, plan: OraclePlan) {
    this.#stage = stage;
    this.#bed = bed;
    this.#plan = plan;
  }

  async drive(): Promise<void> {
    await this.#join();
    await this.#join();
    const round: readonly Deed[] = [
      { what: 'members join', act: () => this.#joinAll() },
      { what: 'a member stops before its write', act: () => this.#stop('before its write') },
      { what: 'Redis is flushed', act: () => this.#flush() },
      { what: 'a member leaves', act: () => this.#leave() },
      { what: 'a member is killed, another joins', act: () => this.#replace() },
      { what: 'a member stops before its outputs', act: () => this.#stop('before its outputs') },
      { what: 'one is killed, then Redis is flushed', act: () => this.#killAndFlush() },
    ];
    const deeds = Array.from({ length: this.#plan.rounds }, () => round).flat();
    for (const [at, { what, act }] of deeds.entries()) {
      this.#stage.say(`${what}; ${this.#bed.feed.recordCount} records so far.`);
      const { feed } = this.#bed;
      const fed = feed.until((at + 1) / (deeds.length + 1), this.#plan.legMs);
      await Promise.all([fed, act().finally(() => feed.hurry())]);
    }
    await this.#bed.feed.until(1, this.#plan.legMs);
  }

  async judge(): Promise<Figures> {
    const { traffic, places, crew } = this.#bed;
    const inputs = await readInputs(places);
    this.#stage.say(`${inputs.records.size} vehicles; the oracle is asked.`);
    await this.#compare({ inputs, nowMs: traffic.endAt, look: inRedis });
    const nowMs = traffic.endAt + restMs;
    this.#bed.setTime(nowMs);
    await this.#compare({ inputs, nowMs, look: inRedis });
    await this.#compare({ inputs, nowMs, look: inStateTopic });
    const { accepted, recordCount, overtakenCount } = await stateTopicOf(places);
    assert.deepEqual(accepted, [], 'stale writes that counted');
    const quarantine = await quarantineOf(places, inputs);
    assert.deepEqual(quarantine.faults, []);
    const total = (name: string) => crew.total(`fleetwire_stream_${name}_total`);
    const duplicates = await total('duplicates');
    assert.ok(duplicates > 0, 'no duplicate was found out');
    // One that stops before its outputs may find out by itself that it is no member any more.
    const fenced = await total('fenced_writes');
    assert.ok(fenced > 0, 'no write was fenced');
    return {
      vehicles: inputs.records.size,
      'simulated hours': this.#plan.hours,
      records: this.#bed.feed.recordCount,
      'unreadable, all in quarantine': inputs.unreadable.size,
      ...this.#counts,
      'writes fenced': fenced,
      'stale writes accepted': accepted.length,
      'stale outputs passed over': overtakenCount,
      duplicates,
      replayed: await total('replayed'),
      'state records': recordCount,
      'rebuilt vehicles': await total('rebuilt_vehicles'),
      'states unlike the oracle': 0,
    };
  }

  /** Waits until every state is the oracle's. */
  async #compare({ inputs, nowMs, look }: Comparison): Promise<void> {
    const { places } = this.#bed;
    const expected = await expectedStates(places, inputs, { nowMs, limits: oracleLimits });
    assert.equal(expected.size, this.#plan.vehicles);
    await eventually(
      `the oracle's states ${look.where}`,
      async () => {
        const compared = { expected, found: await look.read(places) };
        const lines = await differencesOf(places, inputs, compared);
        const names = lines.filter((line) => line.endsWith(':'));
        const found = `${names.length} differ: ${names.join(' ')}\n`;
        assert.ok(lines.length === 0, `${found}${lines.slice(0, linesShown).join('\n')}`);
      },
      compareMsMax,
    );
  }

  /** A round leaves one fewer than it finds. */
  async #joinAll(): Promise<void> {
    do await this.#join();
    while (this.#bed.crew.present.length < membersWanted);
  }

  async #join(): Promise<void> {
    await this.#bed.crew.join();
    this.#counts.joins += 1;
    await this.#bed.crew.whenShared();
  }

  async #stop(place: StopPlace): Promise<void> {
    const member = this.#oldest();
    this.#counts.stops += 1;
    await this.#bed.crew.stopPastSession(member, place, async (act) => {
      // Nothing new may heal what a late write breaks before it is seen.
      const goOn = this.#bed.feed.hold();
      const before = await this.#statesAtRest();
      await act();
      const after = await statesInRedis(this.#bed.places);
      goOn();
      assert.deepEqual(takenBack(before, after), [], 'states that a late write took back');
    });
  }

  /** When nothing changes any more: nothing is fed, and all of it is applied. */
  async #statesAtRest(): Promise<FoundStates> {
    let states = await statesInRedis(this.#bed.places);
    return eventually('states at rest', async () => {
      await pause(stillMs);
      const before = states;
      states = await statesInRedis(this.#bed.places);
      const isSame = takenBack(before, states).length + takenBack(states, before).length === 0;
      assert.ok(isSame, 'they change');
      return states;
    });
  }

  async #leave(): Promise<void> {
    await this.#bed.crew.leave(this.#oldest());
    this.#counts.leaves += 1;
    await this.#bed.crew.whenShared();
  }

  async #replace(): Promise<void> {
    await this.#kill();
    await this.#join();
  }

  async #killAndFlush(): Promise<void> {
    await this.#kill();
    await this.#bed.crew.whenShared();
    await this.#flush();
  }

  async #kill(): Promise<void> {
    await this.#bed.crew.kill(this.#oldest());
    this.#counts.kills += 1;
  }

  async #flush(): Promise<void> {
    await this.#bed.redis.call('flushall', []);
    this.#counts.flushes += 1;
  }

  #oldest(): MemberProcess {
    const [member] = this.#bed.crew.present;
    assert.ok(member, 'a member that is alive');
    return member;
  }
}

/** Longer than a refresh: what readers of the state topic could wait for is there. */
const restMs = 20 * 60_000;

/** Longer than a member needs between two slices, or to rebuild a partition. */
const stillMs = 1_500;

const membersWanted = 3;

const compareMsMax = 20_000;
const linesShown = 80;

interface Comparison {
  readonly inputs: Inputs;
  readonly nowMs: number;
  readonly look: Look;
}

interface Look {
  readonly where: string;
  readonly read: (places: Places) => Promise<FoundStates>;
}

const inRedis: Look = { where: 'in Redis', read: statesInRedis };
const inStateTopic: Look = {
  where: 'in the state topic',
  read: async (places) => (await stateTopicOf(places)).states,
};
