// A JT/T 808 frame, structurally decoded. Numbers are raw integers as on the wire, named as in the
// layout tables; what they mean in units is said by the tables and told by shared/telemetry.

import type { DeviceTime } from '../gb32960/frame.ts';

export type { DeviceTime };

export interface Jt808Frame {
  /** 2011 has the header of 2013 and is told apart by its register body alone. */
  readonly codec: 'jt808-2013' | 'jt808-2019' | 'jt808-2013-gateway' | 'jt808-2019-gateway';
  readonly messageId: number;
  /** Body length, encryption, subpackage and version flag as sent. */
  readonly properties: number;
  /** Null before 2019. */
  readonly protocolVersion: number | null;
  /** The digits as sent, leading zeros included; some makers put hex digits here. */
  readonly phone: string;
  readonly serial: number;
  /** Null for a message that is not split. */
  readonly packetTotal: number | null;
  /** From 1. */
  readonly packetIndex: number | null;
  /** The un-escaped body: a view of the payload where it has no escapes. */
  readonly bodyBytes: Uint8Array;
  readonly body: Body;
}

export type Body =
  | Location
  | Empty
  | GeneralAnswer
  | LocationAnswer
  | Batch
  | CanBatch
  | Register
  | RegisterAnswer
  | Auth
  | Parameters
  | Driver
  | PartsRequest
  | TableBody
  | Part
  | Opaque;

/** A 0x0200 body, alone, in a batch, or in an answer. */
export interface Location {
  readonly kind: 'location';
  readonly alarm: number;
  readonly status: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly altitude: number;
  readonly speed: number;
  readonly direction: number;
  readonly time: DeviceTime;
  /** In the order sent; an id may occur twice. */
  readonly extras: readonly Extra[];
  /** Where and why the walk of the items ended early; null when they were read to the end. */
  readonly extrasFault: ExtrasFault | null;
  /** The basic part and all that follows it: what makes a location the same one. */
  readonly bytes: Uint8Array;
}

/** An item of the list behind the basic part. Its data are `bytes` of its location from `at` on. */
export interface Extra {
  readonly id: number;
  /** As declared: of the last item before a fault there may be less. */
  readonly length: number;
  readonly at: number;
}

export interface ExtrasFault {
  /** Of the item's id in the `bytes` of the location. */
  readonly at: number;
  readonly detail: string;
}

/** Heartbeat, unregister, queries: the message id says all. */
export interface Empty {
  readonly kind: 'empty';
  readonly trailing: null;
}

export interface GeneralAnswer {
  readonly kind: 'generalAnswer';
  readonly answerSeq: number;
  readonly answerId: number;
  readonly result: number;
  readonly trailing: null;
}

export interface LocationAnswer {
  readonly kind: 'locationAnswer';
  readonly answerSeq: number;
  readonly location: Location;
  readonly trailing: null;
}

export interface Batch {
  readonly kind: 'batch';
  readonly count: number;
  /** 1 is backfill. */
  readonly dataType: number;
  readonly items: readonly Location[];
  readonly trailing: null;
}

export interface CanBatch {
  readonly kind: 'can';
  readonly count: number;
  /** hhmmss and four digits. */
  readonly receiveTimeBcd: string;
  readonly frames: readonly CanFrame[];
  readonly trailing: null;
}

export interface CanFrame {
  readonly raw: number;
  readonly data: Uint8Array;
}

export interface Register {
  readonly kind: 'register';
  readonly form: '2011' | '2013' | '2019';
  readonly province: number;
  readonly city: number;
  readonly manufacturer: string;
  readonly model: string;
  readonly terminalId: string;
  readonly plateColor: number;
  readonly plate: string;
  readonly trailing: null;
}

export interface RegisterAnswer {
  readonly kind: 'registerAnswer';
  readonly answerSeq: number;
  readonly result: number;
  readonly authCode: string;
  readonly trailing: null;
}

export interface Auth {
  readonly kind: 'auth';
  readonly authCode: string;
  /** Of 2019. */
  readonly imei?: string;
  readonly softwareVersion?: string;
  readonly trailing: Uint8Array | null;
}

export interface Parameters {
  readonly kind: 'parameters' | 'parameterSetting';
  /** Of an answer. */
  readonly answerSeq?: number;
  readonly count: number;
  readonly params: readonly Parameter[];
  readonly trailing: null;
}

export interface Parameter {
  readonly id: number;
  readonly value: Uint8Array;
}

export interface Driver {
  readonly kind: 'driver';
  readonly status: number;
  readonly time: DeviceTime;
  readonly icResult?: number;
  readonly driverName?: string;
  readonly certificate?: string;
  readonly issuer?: string;
  readonly expiryBcd?: string;
  readonly idNumber?: string;
  readonly trailing: Uint8Array | null;
}

export interface PartsRequest {
  readonly kind: 'partsRequest';
  readonly originalSeq: number;
  readonly count: number;
  readonly ids: readonly number[];
  readonly trailing: null;
}

/** A body whose fields only its table knows: by their names there. */
export interface TableBody {
  readonly kind: TableKind;
  readonly trailing: Uint8Array | null;
  readonly [name: string]: FieldValue;
}

export type TableKind =
  | 'serverTime'
  | 'upgradeResult'
  | 'eventReport'
  | 'questionAnswer'
  | 'infoDemand'
  | 'areaAnswer'
  | 'recorder'
  | 'waybill'
  | 'cameraAnswer'
  | 'transparent'
  | 'compressed'
  | 'rsaKey'
  | 'attributes'
  | 'mediaEvent'
  | 'media'
  | 'mediaSearchAnswer';

/** What a field of a table holds. */
export type FieldValue =
  | null
  | undefined
  | number
  | string
  | Uint8Array
  | DeviceTime
  | Location
  | readonly number[]
  | readonly Location[]
  | readonly Fields[];

export interface Fields {
  readonly [name: string]: FieldValue;
}

/** One part of a split message: never read as a whole body. */
export interface Part {
  readonly kind: 'part';
  readonly bytes: Uint8Array;
}

/** Encrypted, or a message without layout. */
export interface Opaque {
  readonly kind: 'opaque';
  readonly bytes: Uint8Array;
}

export const lengthMask = 0x03ff;
export const encryptionMask = 0x1c00;
export const splitMask = 0x2000;
export const versionMask = 0x4000;

/** Bits 10 to 12 of the properties: 0 is clear text, 1 RSA. */
export function encryptionOf({ properties }: Pick<Jt808Frame, 'properties'>): number {
  return (properties & encryptionMask) >>> 10;
}
