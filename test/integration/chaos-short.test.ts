// Guarantees 1, 3, 4 and 6 under a short mix of faults, several at a time: the schedule is fixed by
// its seed, the verdict is the one of `npm run chaos`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBed } from '../chaos/bed.ts';
import { chaosSettings } from '../chaos/chaos.ts';
import { Crew } from '../chaos/crew.ts';
import { bridgeFrozen } from '../chaos/faults/bridge-frozen.ts';
import { bridgeKilled } from '../chaos/faults/bridge-killed.ts';
import { kafkaBlackHole } from '../chaos/faults/kafka-black-hole.ts';
import { leadersMove } from '../chaos/faults/leaders-move.ts';
import { replyLost } from '../chaos/faults/reply-lost.ts';
import { playRound } from '../chaos/round.ts';
import { inCompany } from '../chaos/schedule.ts';
import { addRound, emptySum, lineOf } from '../chaos/sum.ts';

const seed = 71;
const appointments = inCompany({
  groups: [
    // What a frozen bridge had sent is stored when it is back, on connections that have ended.
    [bridgeFrozen, kafkaBlackHole],
    [leadersMove, replyLost],
    [bridgeKilled],
  ],
  seed,
});

test('frozen and killed bridges, moved leaders, lost answers and a hanging Kafka break no promise', async (t) => {
  const say = (line: string) => t.diagnostic(line);
  const bed = await openBed({ brokers: 3, bridges: 2, scope: t, say });
  // The hang is to be found out by time, within it.
  const settings = { ...chaosSettings, KAFKA_REQUEST_TIMEOUT_MS: '2000' };
  const crew = new Crew({ bed, scope: t, settings });
  await crew.fill();
  const load = { seed, vehicles: 80, messagesPerSecond: 2, loadMs: 16_000 };
  const own = { bed, crew, scope: t, appointments, say };
  const result = await playRound({ ...own, ...load });
  await crew.watch.stop();
  say(lineOf(addRound(emptySum, result)));
  assert.equal(result.report.length, 0, result.report.join('\n'));
  assert.equal(result.faultCount, appointments.length);
  assert.ok(result.verdict.duplicates.sentAgain > 0, 'an answer was lost after the append');
  assert.ok(result.verdict.duplicates.deliveredAgain > 0, 'a window was full');
});
