// A JSON envelope of version 1, as its schema has let it pass. Values are those of the sender;
// what they become is told by shared/telemetry.

/** Null where the value is not known. An integer beyond 2^53 - 1 is text, digit by digit. */
export type SignalValue = number | string | boolean | null;

export interface NamedSignal {
  readonly name: string;
  readonly value: SignalValue;
  readonly unit?: string;
}

/** Fields of one record of a report, by their names in vehicle.telemetry.v1. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Envelope {
  readonly v: 1;
  readonly id?: string;
  readonly ts: number | string;
  readonly vin?: string;
  readonly type?: EnvelopeType;
  readonly isReissued?: boolean;
  readonly serial?: number;
  readonly iccid?: string;
  readonly position?: Fields;
  readonly vehicle?: Fields;
  readonly motors?: readonly Fields[];
  readonly engine?: Fields;
  readonly extremes?: Fields;
  readonly alarms?: readonly Fields[];
  readonly packs?: readonly Fields[];
  readonly signals?: Readonly<Record<string, SignalValue>> | readonly NamedSignal[];
}

export type EnvelopeType = 'report' | 'login' | 'logout' | 'heartbeat' | 'time_sync';

export interface JsonFrame {
  readonly codec: 'json-1';
  readonly envelope: Envelope;
  /** View of the envelope's bytes: of an array's element alone. */
  readonly bytes: Uint8Array;
}
