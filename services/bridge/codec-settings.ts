// Settings of what codecs need beside the bytes: room for split messages, keys for signatures.

import { z } from 'zod';
import type { AnswerChoice } from '#shared/ingest/ingest.ts';
import {
  type SignaturePolicies,
  signatureEditions,
  signaturePolicies,
} from '#shared/ingest/signatures.ts';
import { type SettingSchema, setting } from '#shared/runtime/config.ts';
import { choice, folderPath, integer } from '#shared/runtime/config-schemas.ts';
import { type Codec, codecs } from '#shared/topics.ts';

export const answerSettings = {
  answerReports: setting({
    name: 'BRIDGE_ANSWER_REPORTS',
    schema: codecChoice(),
    default: false,
    example: 'jt808',
    doc:
      'Answer reports too, once stored: of all codecs or of these. GB/T 32960 asks for none;' +
      ' many JT/T 808 terminals send a location again until it is answered.',
  }),
  answerRefusals: setting({
    name: 'BRIDGE_ANSWER_REFUSALS',
    schema: codecChoice(),
    default: false,
    example: true,
    doc: 'Answer refused frames negatively, of all codecs or of these; cars then send them again.',
  }),
  jt808Auth: setting({
    name: 'BRIDGE_JT808_AUTH',
    schema: choice(['any', 'own']),
    default: 'any',
    example: 'own',
    doc:
      'Which code of a JT/T 808 authentication is answered as good: `any`, since the broker knows' +
      ' who is connected, or only the `own` one that a registration was answered with.',
  }),
};

export const partSettings = {
  partSecondsMax: setting({
    name: 'BRIDGE_PART_SECONDS_MAX',
    schema: integer({ min: 1, max: 86_400, unit: 's' }),
    default: 120,
    example: 300,
    doc: 'So long the parts of a split message wait for the others, from the first one on.',
  }),
  partsMax: setting({
    name: 'BRIDGE_PARTS_MAX',
    schema: integer({ min: 2, max: 65_535, unit: 'parts' }),
    default: 1024,
    example: 256,
    doc: 'Of one message; the parts of a longer one are stored and never joined.',
  }),
  partVehicleBytesMax: setting({
    name: 'BRIDGE_PART_VEHICLE_BYTES_MAX',
    schema: integer({ min: 4096, max: 1_073_741_824, unit: 'bytes' }),
    default: 2_097_152,
    example: 1_048_576,
    doc: 'Parts of one vehicle that wait; beyond it its oldest message is given up.',
  }),
  partBytesMax: setting({
    name: 'BRIDGE_PART_BYTES_MAX',
    schema: integer({ min: 4096, max: 4_294_967_296, unit: 'bytes' }),
    default: 16_777_216,
    example: 33_554_432,
    doc: 'Parts of all vehicles that wait; beyond it the oldest message is given up.',
  }),
};

export const signatureSettings = {
  signatures: setting({
    name: 'BRIDGE_SIGNATURES',
    schema: policiesByEdition(),
    default: 'gb32960-2025=check',
    example: 'gb32960-2025=require',
    doc:
      'What is asked of reports that can be signed: `check` notes what a signature is worth,' +
      ' `require` refuses what has no valid one.',
  }),
  signatureKeysFolder: setting({
    name: 'BRIDGE_SIGNATURE_KEYS_FOLDER',
    schema: folderPath(),
    optional: true,
    example: '/etc/fleetwire/signature-keys',
    doc: 'Public keys as PEM: `<vehicleId>.pem`, `prefix.<beginning>.pem`, `default.pem`.',
  }),
};

// Hoisted, both: the tables above are made with them.

function codecChoice(): SettingSchema<AnswerChoice> {
  const known: readonly string[] = codecs;
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine((parts) => isFlag(parts) || parts.every((part) => known.includes(part)))
    .transform((parts) => (isFlag(parts) ? parts[0] === 'true' : (parts as Codec[])))
    .describe(`true, false, or some of ${codecs.join(', ')}`) as SettingSchema<AnswerChoice>;
}

function isFlag(parts: readonly string[]): boolean {
  return parts.length === 1 && (parts[0] === 'true' || parts[0] === 'false');
}

function policiesByEdition(): SettingSchema<SignaturePolicies> {
  const pair = new RegExp(`^(${signatureEditions.join('|')})=(${signaturePolicies.join('|')})$`);
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.string().regex(pair)).min(1))
    .transform((parts) => {
      return Object.fromEntries(parts.map((part) => part.split('='))) as SignaturePolicies;
    })
    .describe(
      `edition=policy, separated by commas, of ${signatureEditions.join(', ')} and ` +
        signaturePolicies.join(', '),
    ) as SettingSchema<SignaturePolicies>;
}
