// A terminal that speaks JT/T 808, 2013 or 2019.

import type { Speaker } from '../speaker.ts';
import { buildJt808Bad, pickJt808Bad } from './bad-frames.ts';
import { jt808OddKinds } from './kinds.ts';
import { collect, type StoredLocation } from './location.ts';
import {
  buildAuth,
  buildBatch,
  buildHeartbeat,
  buildLocation,
  buildRegister,
  buildSync,
  buildUnregister,
} from './messages.ts';
import { buildJt808Odd } from './odd-frames.ts';
import { type Jt808Terminal, messageOf } from './terminal.ts';

/** Of one 0x0704: more do not fit into a frame. */
const batchLocationsMax = 8;

export function speakJt808(terminal: Jt808Terminal): Speaker<StoredLocation> {
  const { vehicleId, simulated } = terminal;
  return {
    vehicleId,
    simulated,
    collect: (at) => collect(terminal, at),
    login: (at) => [
      messageOf(terminal, at, buildRegister(terminal)),
      messageOf(terminal, at, buildAuth(terminal)),
    ],
    logout: (at) => [messageOf(terminal, at, buildUnregister(terminal))],
    heartbeat: (at) => [messageOf(terminal, at, buildHeartbeat(terminal))],
    sync: (at) => [messageOf(terminal, at, buildSync(terminal, at))],
    report: (stored, at) => [messageOf(terminal, at, buildLocation(terminal, stored))],
    reissue: (all, at) =>
      chunksOf(all, batchLocationsMax).map((some) =>
        messageOf(terminal, at, buildBatch(terminal, some, { kind: 'batch', isReissued: true })),
      ),
    odd: (scene) => {
      const built = buildJt808Odd(scene.random.pick(jt808OddKinds), terminal, scene);
      return [messageOf(terminal, scene.at, ...built)];
    },
    bad: (scene) => {
      const kind = pickJt808Bad(terminal, scene.random);
      return [messageOf(terminal, scene.at, ...buildJt808Bad(kind, terminal, scene))];
    },
  };
}

function chunksOf<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, at) => all.slice(at * size, (at + 1) * size));
}
