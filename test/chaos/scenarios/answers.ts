// Answered means stored, under faults, with answers to reports: none comes while Kafka is away, one
// that is lost makes the car reissue, and the reissue is known for what it is by its frameId.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { createExpectations } from '#loadtest/fleet/expectations.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { eventually } from '../../integration/eventually.ts';
import type { Stored } from '../../integration/ground.ts';
import type { Figures, ProofStage } from '../../proof/proof.ts';
import { type Bed, openBed } from '../bed.ts';
import { chaosSettings } from '../chaos.ts';
import { Crew } from '../crew.ts';
import type { TcpProxy } from '../proxy/tcp-proxy.ts';
import type { Direction, Dose } from '../proxy/toxics.ts';
import { type Told, WaitingCar } from './waiting-car.ts';

export interface AnswersOptions {
  readonly cars: number;
  /** Of each car. */
  readonly reports: number;
  /** How long Kafka is away, and then the way of the answers. */
  readonly awayMs: number;
}

const reportEveryMs = 250;
const answerMsMax = 1_000;
const calmMs = 2_000;
/** What Kafka had stored before may still be answered. */
const inFlightMs = 500;

export async function answersUnderFaults(
  stage: ProofStage,
  { cars: carCount, reports, awayMs }: AnswersOptions,
): Promise<Figures> {
  const bed = await openBed({ brokers: 1, bridges: 2, scope: stage, say: stage.say });
  const settings = { BRIDGE_ANSWER_REPORTS: 'true', KAFKA_REQUEST_TIMEOUT_MS: '2000' };
  const crew = new Crew({ bed, scope: stage, settings: { ...chaosSettings, ...settings } });
  await crew.fill();
  const mark = await bed.ground.mark();
  const cars = await openCars(stage, bed, carCount);
  const told = () => cars.flatMap((car) => car.told);
  const startAt = Date.now() - reports * 5_000;
  const driving = Promise.all(cars.map((car) => car.drive(reports, reportEveryMs, startAt)));
  await pause(calmMs);
  const away = await during(bed.proxies.kafka, ['up', 'down'], awayMs);
  stage.say(`Kafka was away for ${awayMs} ms; ${told().length} reports so far.`);
  await eventually('answers come again', () => assert.ok(told().some(isAnsweredAfter(away.until))));
  await pause(calmMs);
  const before = reissuesOf(told());
  await during([bed.proxies.cars], ['down'], awayMs);
  stage.say(`No answer reached a car for ${awayMs} ms.`);
  await driving;
  const lostAnswers = reissuesOf(told()) - before;
  assert.ok(before > 0, 'while Kafka was away, cars reissued');
  assert.ok(lostAnswers > 0, 'while answers were lost, cars reissued');
  const early = told().filter(({ answeredAt }) => {
    return answeredAt !== null && away.at + inFlightMs < answeredAt && answeredAt < away.until;
  });
  assert.deepEqual(early, [], 'an answer came while Kafka was away');
  return checkStored(told(), await bed.ground.storedSince(mark));
}

function isAnsweredAfter(at: number): (one: Told) => boolean {
  return ({ answeredAt }) => answeredAt !== null && answeredAt > at;
}

function reissuesOf(told: readonly Told[]): number {
  return told.reduce((sum, { reissueCount }) => sum + reissueCount, 0);
}

async function openCars(stage: ProofStage, bed: Bed, count: number) {
  const expectations = await createExpectations();
  const stop = new AbortController();
  const own = { seed: 83, mqtt: bed.carGround.config, expectations, answerMsMax };
  const cars = Array.from({ length: count }, (_, index) => {
    return new WaitingCar({ ...own, index, signal: stop.signal });
  });
  stage.after(async () => {
    stop.abort();
    await Promise.all(cars.map((car) => car.close().catch(() => undefined)));
  });
  await Promise.all(cars.map((car) => car.open()));
  return cars;
}

/** A black hole for so long. */
async function during(
  proxies: readonly TcpProxy[],
  directions: readonly Direction[],
  ms: number,
): Promise<{ readonly at: number; readonly until: number }> {
  const hole: Dose[] = directions.map((direction) => ({ direction, toxic: { kind: 'timeout' } }));
  for (const proxy of proxies) proxy.add(...hole);
  const at = Date.now();
  await pause(ms);
  const until = Date.now();
  for (const proxy of proxies) proxy.remove(...hole);
  return { at, until };
}

function checkStored(told: readonly Told[], stored: readonly Stored[]): Figures {
  const copies = Map.groupBy(stored, ({ decoded }) => idOf(decoded.value.frameId));
  let recognisedCount = 0;
  for (const { vehicleId, frameId, answeredAt } of told) {
    const own = copies.get(frameId) ?? [];
    assert.ok(own.length > 0, `${vehicleId} ${frameId} is not in Kafka`);
    assert.ok(answeredAt !== null, `${vehicleId} ${frameId} was never answered`);
    const storedAt = Math.min(...own.map(({ record }) => record.timestamp));
    assert.ok(storedAt <= answeredAt, `answered ${storedAt - answeredAt} ms before it was stored`);
    const topics = new Set(own.map(({ record }) => record.topic));
    if (topics.has(kafkaTopics.telemetry) && topics.has(kafkaTopics.backfill)) recognisedCount += 1;
  }
  const known = new Set(told.map(({ frameId }) => frameId));
  const strangers = [...copies.keys()].filter((frameId) => !known.has(frameId));
  assert.deepEqual(strangers, [], 'a reissue has another frameId than its original');
  assert.ok(recognisedCount > 0, 'no report is there as original and as reissue');
  return {
    reports: told.length,
    reissues: reissuesOf(told),
    'original and reissue with one frameId': recognisedCount,
    'answered before stored': 0,
    'answered while Kafka was away': 0,
    'never answered': 0,
  };
}

function idOf(frameId: Uint8Array | null): string {
  return frameId === null ? 'none' : Buffer.from(frameId).toString('hex');
}
