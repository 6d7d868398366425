// Logins of both editions, and the bodies with keys of GB/T 32960.3-2025, as a Lifecycle has them.

import type { Lifecycle } from '../avro/types.generated.ts';
import type { Body, Login } from '../frame/gb32960/frame.ts';
import type {
  Activation,
  ActivationAnswer,
  KeyExchange,
  Login2025,
} from '../frame/gb32960/frame-2025.ts';
import type { BodyLayout } from '../frame/gb32960/layout.ts';
import { activationAnswer } from '../frame/gb32960/layout-2025.ts';
import { asBuffer } from './bytes.ts';
import { signatureRecord } from './gb32960-signature.ts';

/** Null for any other body. */
export function loginOf(body: Body): Lifecycle['login'] {
  if (body.kind === 'login') return login2016Of(body);
  return body.kind === 'login2025' ? login2025Of(body) : null;
}

function login2016Of(body: Login): Lifecycle['login'] {
  return {
    iccid: body.iccid,
    ressCount: body.ressCount,
    ressCodeLength: body.ressCodeLength,
    ressCodes: body.ressCodes,
    bmsCount: null,
    packsPerBms: [],
    packCodes: [],
  };
}

function login2025Of(body: Login2025): Lifecycle['login'] {
  return {
    iccid: body.iccid,
    ressCount: 0,
    ressCodeLength: 0,
    ressCodes: [],
    bmsCount: body.bmsCount,
    packsPerBms: body.packsPerBms,
    packCodes: body.packCodes.flat(),
  };
}

export function activationOf(body: Activation): Lifecycle['activation'] {
  return {
    // A chip id that is padded with 0x00, where spaces are wanted, means the same.
    chipId: body.chipId.replace(/\0+$/u, ''),
    publicKey: asBuffer(body.publicKey),
    vin: body.vin,
    signature: signatureRecord(body.signature),
  };
}

export function activationAnswerOf(body: ActivationAnswer): Lifecycle['activationAnswer'] {
  return {
    status: nameOf(activationAnswer, 'activationStatus', body.activationStatus),
    info: nameOf(activationAnswer, 'info', body.info),
  };
}

function nameOf({ elements }: BodyLayout, name: string, raw: number): string {
  const field = elements.find((element) => element.name === name);
  const names = field?.kind === 'scalar' ? field.names : null;
  return names?.[raw] ?? `unknown_${raw}`;
}

export function keyExchangeOf(body: KeyExchange): Lifecycle['keyExchange'] {
  return {
    keyType: body.keyType,
    key: asBuffer(body.key),
    activeTime: body.activeTime.epochMs,
    expireTime: body.expireTime.epochMs,
    activeTimeRaw: asBuffer(body.activeTime.raw),
    expireTimeRaw: asBuffer(body.expireTime.raw),
  };
}
