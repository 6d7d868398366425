// A terminal that speaks JSON: envelopes with an id, so that each is answered.

import type { Speaker } from '../speaker.ts';
import { jsonOddKinds } from './kinds.ts';
import { buildJsonBad, buildJsonOdd, pickJsonBad } from './odd-and-bad.ts';
import {
  buildEvent,
  buildReport,
  collect,
  type JsonTerminal,
  messageOf,
  type StoredReport,
} from './terminal.ts';

/** `firstSerial`: of its first login; a logout has that of its login. */
export function speakJson(terminal: JsonTerminal, firstSerial: number): Speaker<StoredReport> {
  const { vehicleId, simulated } = terminal;
  let serial = firstSerial - 1;
  return {
    vehicleId,
    simulated,
    collect: (at) => collect(terminal, at),
    login(at) {
      serial += 1;
      return [messageOf(terminal, at, buildEvent(terminal, { type: 'login', at, serial }))];
    },
    logout: (at) => [messageOf(terminal, at, buildEvent(terminal, { type: 'logout', at, serial }))],
    heartbeat: (at) => [messageOf(terminal, at, buildEvent(terminal, { type: 'heartbeat', at }))],
    sync: (at) => [messageOf(terminal, at, buildEvent(terminal, { type: 'time_sync', at }))],
    report: (stored, at) => [messageOf(terminal, at, buildReport(terminal, stored))],
    reissue: (all, at) =>
      all.map((stored) => {
        const odds = { kind: 'reissue', isReissued: true } as const;
        return messageOf(terminal, at, buildReport(terminal, stored, odds));
      }),
    odd: (scene) => {
      const built = buildJsonOdd(scene.random.pick(jsonOddKinds), terminal, scene);
      return [messageOf(terminal, scene.at, ...built)];
    },
    bad: (scene) => {
      const built = buildJsonBad(pickJsonBad(scene.random), terminal, scene);
      return [messageOf(terminal, scene.at, ...built)];
    },
  };
}
