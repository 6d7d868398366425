// What a JT/T 808 terminal says in the ordinary course: who it is, where it is, who drives.

import { authCodeOf } from '#shared/frame/jt808/auth-code.ts';
import { deviceTimeOf } from '#shared/frame/jt808/bcd.ts';
import { kafkaTopics } from '#shared/topics.ts';
import {
  collect,
  expectLocation,
  type LocationFacts,
  locationOf,
  type StoredLocation,
  wholeSecond,
} from './location.ts';
import {
  answerKeyOf,
  type Built,
  expectLifecycle,
  type Jt808Terminal,
  send,
  words,
} from './terminal.ts';

export function buildRegister(terminal: Jt808Terminal): Built {
  const { edition, phone, simulated } = terminal;
  const { vin } = simulated.car;
  const names = { manufacturer: 'FWIRE', model: 'FW-808', terminalId: phone.slice(-7) };
  const place = { province: 32, city: 500 };
  // Without a plate the VIN stands in its place.
  const plate = vin.endsWith('7') ? { plateColor: 0, plate: vin } : plateOf(phone);
  const body = { kind: 'register', form: edition, ...place, ...names, ...plate } as const;
  const sent = send(terminal, 0x0100, { ...body, trailing: null });
  const register = {
    provinceId: place.province,
    cityId: place.city,
    makerId: names.manufacturer,
    model: names.model,
    deviceId: names.terminalId,
    ...plate,
    form: edition,
  };
  const ok = Buffer.concat([words(sent.serial), Buffer.of(0), Buffer.from(authCodeOf(phone))]);
  const answer = answerKeyOf(terminal, { messageId: 0x8100, serial: sent.serial, body: ok });
  const facts = { kind: 'register', fields: { event: 'register', register }, answer } as const;
  return { bytes: sent.bytes, expected: expectLifecycle(terminal, sent, facts) };
}

function plateOf(phone: string) {
  return { plateColor: 5, plate: `苏E${phone.slice(-5)}D` };
}

/** With the code that 0x8100 gives: it follows from the phone. */
export function buildAuth(terminal: Jt808Terminal): Built {
  const code = authCodeOf(terminal.phone);
  const is2019 = terminal.edition === '2019';
  const more = { imei: '860000000000001', softwareVersion: 'fw-1.0' };
  const body = { kind: 'auth', authCode: code, ...(is2019 && more), trailing: null } as const;
  const sent = send(terminal, 0x0102, body);
  const auth = { code, imei: null, softwareVersion: null, ...(is2019 && more) };
  const fields = { event: 'auth', auth };
  return { bytes: sent.bytes, expected: expectLifecycle(terminal, sent, { kind: 'auth', fields }) };
}

const empty = { kind: 'empty', trailing: null } as const;

export function buildUnregister(terminal: Jt808Terminal): Built {
  const sent = send(terminal, 0x0003, empty);
  const facts = { kind: 'unregister', fields: { event: 'unregister' } } as const;
  return { bytes: sent.bytes, expected: expectLifecycle(terminal, sent, facts) };
}

export function buildHeartbeat(terminal: Jt808Terminal): Built {
  const sent = send(terminal, 0x0002, empty);
  const { heartbeat: kafkaTopic } = kafkaTopics;
  const facts = { kind: 'heartbeat', kafkaTopic, fields: { event: 'heartbeat' } } as const;
  return { bytes: sent.bytes, expected: expectLifecycle(terminal, sent, facts) };
}

/** 2019 asks for the time; 2013 cannot, and says who drives. */
export function buildSync(terminal: Jt808Terminal, at: number): Built {
  if (terminal.edition === '2013') return buildDriver(terminal, at);
  const sent = send(terminal, 0x0004, empty);
  const time = { messageId: 0x8004, serial: sent.serial, body: Buffer.alloc(6) };
  const answer = answerKeyOf(terminal, time);
  const fields = { event: 'server_time_query' };
  const facts = { kind: 'time_sync', fields, answer } as const;
  return { bytes: sent.bytes, expected: expectLifecycle(terminal, sent, facts) };
}

function buildDriver(terminal: Jt808Terminal, at: number): Built {
  const time = deviceTimeOf(at);
  const card = { certificate: 'FW0000000000001', issuer: '苏州市交通运输局' };
  const name = '王师傅';
  const driver = { driverName: name, ...card, expiryBcd: '20301231' };
  const sent = send(terminal, 0x0702, {
    ...{ kind: 'driver', status: 1, time, icResult: 0, ...driver },
    trailing: null,
  });
  const fields = {
    event: 'driver',
    eventTime: wholeSecond(at),
    clockState: 'ok',
    deviceTimeRaw: Buffer.from(time.raw).toString('hex'),
    driver: { status: 1, icResult: 0, name, ...card, expiry: '20301231', idNumber: null },
  };
  const facts = { kind: 'driver', fields } as const;
  return { bytes: sent.bytes, expected: expectLifecycle(terminal, sent, facts) };
}

export function buildLocation(
  terminal: Jt808Terminal,
  stored: StoredLocation,
  facts: LocationFacts = { kind: 'location', isReissued: false },
): Built {
  const location = locationOf(terminal, stored, facts.odds);
  const sent = send(terminal, 0x0200, { kind: 'location', ...location });
  return { bytes: sent.bytes, expected: expectLocation(terminal, stored, sent, facts) };
}

/** 0x0704: a record for each location. */
export function buildBatch(
  terminal: Jt808Terminal,
  all: readonly StoredLocation[],
  facts: LocationFacts,
): Built {
  const items = all.map((stored) => locationOf(terminal, stored));
  const dataType = facts.isReissued ? 1 : 0;
  const sent = send(terminal, 0x0704, { kind: 'batch', count: items.length, dataType, items });
  const [first, ...more] = all.map((stored) => expectLocation(terminal, stored, sent, facts));
  if (first === undefined) throw new RangeError('a location wanted, found none');
  return { bytes: sent.bytes, expected: { ...first, more } };
}

export { collect };
