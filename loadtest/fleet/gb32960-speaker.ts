// A terminal that speaks GB/T 32960.3, in either edition.

import { buildBad, pickBadKind } from './bad-frames.ts';
import { buildOdd, oddKinds } from './odd-frames.ts';
import type { Speaker } from './speaker.ts';
import {
  buildHeartbeat,
  buildLogin,
  buildLogout,
  buildReport,
  buildTimeSync,
  collect,
  messageOf,
  type StoredReport,
  type Terminal,
} from './terminal.ts';

/** Of what a terminal that signs says out of the ordinary. */
const wrongSignatureShare = 0.25;

/** `firstSerial`: of its first login; a logout has that of its login. */
export function speakGb32960(terminal: Terminal, firstSerial: number): Speaker<StoredReport> {
  const { vehicleId, simulated } = terminal;
  let serial = firstSerial - 1;
  return {
    vehicleId,
    simulated,
    collect: (at) => collect(terminal, at),
    login(at) {
      serial += 1;
      return [messageOf(terminal, at, buildLogin(terminal, serial, at))];
    },
    logout: (at) => [messageOf(terminal, at, buildLogout(terminal, serial, at))],
    heartbeat: (at) => [messageOf(terminal, at, buildHeartbeat(terminal))],
    sync: (at) => [messageOf(terminal, at, buildTimeSync(terminal))],
    report: (stored, at) => [messageOf(terminal, at, buildReport(terminal, stored, 'report'))],
    // Annex B.1: what was stored while the link was away is sent with command 0x03.
    reissue: (all, at) =>
      all.map((stored) => messageOf(terminal, at, buildReport(terminal, stored, 'reissue'))),
    odd: (scene) => {
      if (terminal.signer !== null && scene.random.chance(wrongSignatureShare)) {
        const wrong = buildReport(terminal, collect(terminal, scene.at), 'signature_wrong');
        return [messageOf(terminal, scene.at, wrong)];
      }
      const built = buildOdd(scene.random.pick(oddKinds), terminal, scene);
      return [messageOf(terminal, scene.at, ...built)];
    },
    bad: ({ stranger, ...scene }) => {
      const bad = { ...scene, foreignVin: stranger.car.vin };
      return [messageOf(terminal, scene.at, ...buildBad(pickBadKind(scene.random), terminal, bad))];
    },
  };
}
