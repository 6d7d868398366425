// Mistakes in what a frame becomes: guarantees 3 and 5.

import type { Plant } from '../plant.ts';

const ingest = 'shared/ingest/ingest.ts';

export const recordPlants: readonly Plant[] = [
  {
    name: 'identity of the whole frame',
    mistake: 'The frame id is that of the bytes as they came: header, cipher and checksum too.',
    edits: [
      {
        file: ingest,
        from: '  const refusal = produce(tools, draft, entry, outcome);',
        to:
          '  const { hashPrefix } = draft.address;\n' +
          '  tools.context.hashPrefix = Buffer.concat([hashPrefix, outcome.bytes]);\n' +
          '  const refusal = produce(tools, draft, entry, outcome);',
      },
    ],
    caughtBy: ['calm'],
    broken: 'nothing that nobody sent',
  },
  {
    name: 'identity with the command',
    mistake: 'The command byte is part of the frame id: a reissue is another frame.',
    edits: [
      {
        file: 'shared/telemetry/gb32960-frame-id.ts',
        from: '=== null) return context.hash(dataUnit);',
        to: '=== null) return context.hash(dataUnit, Buffer.of(frame.command));',
      },
    ],
    caughtBy: ['calm'],
    broken: 'nothing that nobody sent',
  },
  {
    name: 'quarantine skipped',
    mistake: 'A message of refused frames is acknowledged, and kept nowhere.',
    edits: [
      {
        file: 'services/bridge/message.ts',
        from: '    this.#store(message, ingested);\n  };',
        to:
          '    const { quarantinedCount, frameCount } = ingested;\n' +
          '    if (quarantinedCount < frameCount) this.#store(message, ingested);\n' +
          '    else intake.complete(message);\n  };',
      },
    ],
    caughtBy: ['calm'],
    broken: 'lost after the PUBACK of a bridge',
  },
  {
    name: 'a decode error swallowed',
    mistake: 'A broken frame among good ones is counted and left out.',
    edits: [
      {
        file: ingest,
        from: '  quarantine(tools, draft, reason, bytes);\n  if (!answers(tools.answerRefusals',
        to:
          '  if (draft.ingested.records.length === 0) quarantine(tools, draft, reason, bytes);\n' +
          '  if (!answers(tools.answerRefusals',
      },
    ],
    caughtBy: ['calm'],
    broken: 'lost after the PUBACK of a bridge',
  },
  {
    name: 'identity not compared',
    mistake: 'A frame may carry the VIN of another car than its topic.',
    edits: [
      {
        file: 'shared/telemetry/identity.ts',
        from: "identity === 'record' || bareId(id) === bareId(vehicleId)",
        to: "identity === 'record' || bareId(id) !== ''",
      },
    ],
    caughtBy: ['calm'],
    broken: 'nothing that nobody sent',
  },
  {
    name: 'a value off by one',
    mistake: 'The state of charge is stored one percent too high.',
    edits: [
      {
        file: 'shared/telemetry/gb32960-2016.generated.ts',
        from: 'source.soc, source.soc) : source.soc,',
        to: 'source.soc, source.soc) : source.soc + 1,',
      },
    ],
    caughtBy: ['calm'],
    broken: 'stored as it was sent',
  },
  {
    name: 'a value off by one, written straight',
    mistake: 'The state of charge is stored one percent too high where no objects are made.',
    edits: [
      {
        file: 'shared/ingest/gb32960-2016-straight.generated.ts',
        from: 'writeSomeInt(bytes, to, soc)',
        to: 'writeSomeInt(bytes, to, soc + 1)',
      },
    ],
    caughtBy: ['calm'],
    broken: 'stored as it was sent',
  },
  {
    name: 'identity of the whole frame, written straight',
    mistake: 'The frame id of a report is that of the bytes as they came.',
    edits: [
      {
        file: 'shared/ingest/straight-report.ts',
        from: 'const unit = payload.subarray(dataOffset, payload.length - 1);',
        to: 'const unit = payload;',
      },
    ],
    caughtBy: ['calm'],
    broken: 'nothing that nobody sent',
  },
  {
    name: 'another key',
    mistake:
      'Refused frames go under a key of their own, so to another partition than their car’s.',
    edits: [
      {
        file: ingest,
        from:
          '  ingested.records.push({ kafkaTopic, key: address.key, value });\n' +
          '  ingested.quarantineReasons',
        to:
          "  ingested.records.push({ kafkaTopic, key: Buffer.from('refused'), value });\n" +
          '  ingested.quarantineReasons',
      },
    ],
    caughtBy: ['calm'],
    broken: 'stored as it was sent',
  },
];
