// Kafka is away for minutes: no MQTT connection ends, memory is bounded, nothing is lost, and the
// rate is back soon after.

import assert from 'node:assert/strict';
import type { Figures, ProofStage } from '../../proof/proof.ts';
import type { Crew } from '../crew.ts';
import type { Fault } from '../faults/fault.ts';
import { kafkaDown } from '../faults/kafka-down.ts';
import { secondsText } from '../timeline.ts';
import { type Most, mebibyte, rssBytesMax, watchMemory } from './resident.ts';
import { stageRound } from './stage-round.ts';

export interface KafkaAwayOptions {
  readonly awayMs: number;
  readonly vehicles: number;
  /** Of each vehicle. */
  readonly messagesPerSecond: number;
}

const recoveryMsMax = 10_000;
const calmMs = 3_000;

export async function kafkaAway(stage: ProofStage, options: KafkaAwayOptions): Promise<Figures> {
  const { awayMs, ...load } = options;
  const fault = watched(kafkaDown);
  const appointments = [{ fault, atMs: calmMs, durationMs: awayMs, seed: 1 }];
  const loadMs = calmMs + awayMs + recoveryMsMax + calmMs;
  let most: Most = { rssBytes: 0, heldBytes: 0 };
  const result = await stageRound(stage, {
    ...load,
    brokers: 1,
    bridges: 2,
    seed: 82,
    loadMs,
    appointments,
    onReady: (_, crew) => {
      most = watchMemory(stage, crew);
    },
  });
  const { verdict, recoveryMs, longestPauseMs } = result;
  assert.ok(most.rssBytes > 0 && most.rssBytes < rssBytesMax, `${most.rssBytes} bytes`);
  assert.ok(recoveryMs <= recoveryMsMax, `90 % of the rate after ${recoveryMs} ms`);
  const { lost } = verdict;
  assert.deepEqual(lost, { beforeBroker: 0, inBroker: 0, inBrokerUnexplained: 0, afterBridge: 0 });
  return {
    frames: verdict.frames,
    away: secondsText(awayMs),
    lost: 0,
    'MQTT disconnects': 0,
    'stored twice': verdict.duplicates.sentAgain,
    'longest pause': secondsText(longestPauseMs),
    '90 % of the rate after': secondsText(recoveryMs),
    'most resident': `${Math.round(most.rssBytes / mebibyte)} MiB`,
  };
}

/** At its end every bridge must say why it is not ready, with all its connections up. */
function watched(fault: Fault): Fault {
  return {
    ...fault,
    strike: async (scene) => {
      const struck = await fault.strike(scene);
      return { ...struck, check: () => assertHolding(scene.crew) };
    },
  };
}

async function assertHolding(crew: Crew): Promise<void> {
  for (const place of crew.places) {
    const bridge = crew.at(place);
    const { status, report } = await bridge.askReady();
    assert.deepEqual({ status, unready: report.unready }, { status: 503, unready: ['kafka'] });
    const metrics = await bridge.metrics();
    assert.equal(metrics.sum('mqtt_links_total'), 2, `${bridge.name} made a connection anew`);
    assert.equal(metrics.sum('mqtt_connected'), 2);
  }
}
