// Mistakes in vehicle state: late data, doubled data, owners that are none any more.

import type { Plant } from '../plant.ts';

const writeScript = 'shared/stream/scripts/write.lua';
const work = 'shared/stream/work.ts';

export const statePlants: readonly Plant[] = [
  {
    name: 'receipt taken for order',
    mistake: 'Of two reports the one received later counts, whenever it happened.',
    edits: [
      {
        file: 'services/state/moment.ts',
        from: 'boundedTime(report.eventTime)',
        to: 'boundedTime(report.receivedTime)',
      },
    ],
    caughtBy: ['state rules'],
    broken: 'the state is the oracle’s',
  },
  {
    name: 'late data wins',
    mistake: 'A report replaces what is held though that is newer.',
    edits: [
      {
        file: 'services/state/moment.ts',
        from: 'report.isReissued ? eventTime : eventTime + 1',
        to: 'Number.POSITIVE_INFINITY',
      },
    ],
    caughtBy: ['state rules'],
    broken: 'the state is the oracle’s',
  },
  {
    name: 'epoch not compared',
    mistake: 'A write counts whoever owns the partition.',
    edits: [
      {
        file: writeScript,
        from: "if storedEpoch > epoch then return 'fenced' end\n",
        to: '',
      },
    ],
    caughtBy: ['two owners'],
    broken: 'no write of a zombie counts',
  },
  {
    name: 'offset compared too loosely',
    mistake: 'A record may be applied again at the offset that was applied last.',
    edits: [
      {
        file: writeScript,
        from: 'offset <= tonumber(stored[5] or -1)',
        to: 'offset < tonumber(stored[5] or -1)',
      },
    ],
    caughtBy: ['two owners'],
    broken: 'a record is applied once',
  },
  {
    name: 'offset written before its record counts',
    mistake: 'The place in the input is stored first, state and outputs after it.',
    edits: [
      {
        file: work,
        from: '  const stored = await parts.outputs.store({ records, hold, isFenced });\n',
        to:
          '  if (work.progress !== null) {\n' +
          '    const { partition, epoch, writeCount, forgetCount } = place;\n' +
          '    const early = { partition, epoch, writeCount, forgetCount, vehicles: [] };\n' +
          '    const own = { ...early, progress: work.progress };\n' +
          "    const came = await hold('Redis', () => parts.store.write(own));\n" +
          "    if (came === 'written') place.writeCount += 1;\n" +
          '  }\n' +
          '  const stored = await parts.outputs.store({ records, hold, isFenced });\n',
      },
      { file: work, from: '    progress: work.progress,\n', to: '    progress: null,\n' },
    ],
    caughtBy: ['members come and go'],
    broken: 'the state is the oracle’s',
  },
  {
    name: 'a zombie writes',
    mistake: 'Neither the clock nor the epoch stops a member that the group has given up.',
    edits: [
      {
        file: work,
        from: '  return monotonicNow() - consumer.memberAt > config.sessionMs;',
        to: '  return false && monotonicNow() - consumer.memberAt > config.sessionMs;',
      },
      {
        file: writeScript,
        from: "if storedEpoch > epoch then return 'fenced' end\n",
        to: '',
      },
      { file: writeScript, from: "if storedWrites > writes then return 'stale' end\n", to: '' },
      {
        file: writeScript,
        from: "if offset and offset <= tonumber(stored[5] or -1) then return 'stale' end\n",
        to: '',
      },
    ],
    caughtBy: ['members come and go'],
    broken: 'no write of a zombie counts',
  },
];
