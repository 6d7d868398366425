// JSON envelopes made wrong.

import { decodeMessage } from '#shared/frame/json/decode-message.ts';
import { describeMessage } from '#shared/frame/json/describe-message.ts';
import type { JsonFrame } from '#shared/frame/json/envelope.ts';
import { explainMessage } from '#shared/frame/json/explain-message.ts';
import { type FuzzCodec, goldenPayloads } from '../fuzz-codec.ts';
import { filledJson, jsonMutations } from '../json-mutations.ts';

const composed = [
  { v: 1, id: 'r-1', ts: 1_777_608_306_000, vin: 'FWGOLDEN000000001', type: 'report' },
  {
    v: 1,
    ts: '2026-05-01T12:05:06+08:00',
    isReissued: true,
    position: { hasFix: true, longitudeDeg: 116.391, latitudeDeg: 39.907, datum: 'gcj02' },
    vehicle: { status: 'started', speedKmh: 63.4, odometerKm: 12_345.6, socPercent: 71 },
    motors: [{ no: 1, speedRpm: 4200, torqueNm: 88.5, temperatureC: 61 }],
    engine: { status: 'off' },
    extremes: { maxCellVoltageMv: 3512, minCellVoltageMv: 3498 },
    alarms: [{ maxLevel: 1, generalBits: ['soc_low'] }],
    packs: [
      { no: 1, voltageV: 386.2, cellVoltagesMv: [3510, 3511, null], temperaturesC: [21, 22] },
    ],
    signals: { 'Vehicle.Cabin.Temperature': 21.5, door: 'open', lit: true, none: null },
  },
  { v: 1, ts: 0, signals: [{ name: 'wide', value: 1, unit: 'm' }] },
  { v: 1, id: 'l-1', ts: 1, type: 'login', serial: 7, iccid: '89860000000000000042' },
  { v: 1, ts: 1, type: 'logout', serial: 7 },
  { v: 1, ts: 1, type: 'heartbeat' },
  { v: 1, ts: 1, type: 'time_sync', id: 't' },
].map((envelope) => Buffer.from(JSON.stringify(envelope)));

const corpus: readonly Buffer[] = [...goldenPayloads('json'), ...composed];

export const jsonFuzz: FuzzCodec = {
  name: 'json',
  corpus,
  mutations: jsonMutations(corpus),
  fill: filledJson,
  decode: decodeMessage,
  describe: describeMessage,
  explain: explainMessage,
  between: /^[[\],\s]*$/,
  vehicleIdOf: (outcomes) => {
    const frame = outcomes.find((outcome) => outcome.frame !== null)?.frame;
    return (frame as JsonFrame | undefined)?.envelope.vin ?? null;
  },
};
