// The errors of @platformatic/kafka in the words of the one table of produce errors. Knows its
// errors by their marks, and loads nothing of it.

import { kafkaErrorOfNumber } from './kafka-errors.ts';

/** What the library writes on its errors; those of Node have a `code` too. */
interface Marked {
  readonly message: string;
  readonly code?: unknown;
  /** Of an answer. */
  readonly apiCode?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** By the `code` of the library. A request that timed out has that of the network, too. */
const kafkaNames: Readonly<Record<string, string>> = {
  PLT_KFK_NETWORK: 'NETWORK_EXCEPTION',
  PLT_KFK_TIMEOUT: 'REQUEST_TIMED_OUT',
  PLT_KFK_AUTHENTICATION: 'SASL_AUTHENTICATION_FAILED',
  PLT_KFK_UNSUPPORTED_API: 'UNSUPPORTED_VERSION',
};

const unknownTopic = /^Unknown topic /;

/** An error whose `type` or `code` says to `failureOf` what it means; others stay as they are. */
export function platformaticError(error: unknown): unknown {
  const found = [...marksOf(error)];
  const answered = found.find(({ apiCode }) => typeof apiCode === 'number');
  if (answered !== undefined) return told(answered, nameOfAnswer(answered.apiCode as number));
  const missing = found.find(({ message }) => unknownTopic.test(message));
  if (missing !== undefined) return told(missing, 'UNKNOWN_TOPIC_OR_PARTITION');
  // Node's own word is the closer one; it tells a certificate that is refused.
  const root = found.findLast(({ code }) => code !== undefined);
  if (root === undefined) return error;
  const late = found.find(({ message }) => /timed out/.test(message));
  const type = late === undefined ? kafkaNames[String(root.code)] : 'REQUEST_TIMED_OUT';
  const outer = found.find(({ code }) => kafkaNames[String(code)] !== undefined);
  if (type !== undefined) return told(late ?? root, type);
  if (outer === undefined || isOfTls(String(root.code))) return root;
  return told(root, kafkaNames[String(outer.code)]!);
}

function nameOfAnswer(number: number): string {
  return kafkaErrorOfNumber(number)?.name ?? `KAFKA_ERROR_${number}`;
}

function told({ message }: Marked, type: string): Error {
  return Object.assign(new Error(message), { type });
}

/** What is wrong with a certificate is never passing; failures.ts sorts it. */
function isOfTls(code: string): boolean {
  return /^ERR_(SSL|TLS|OSSL)_|CERT|_ISSUER|_SIGNATURE$|^HOSTNAME_MISMATCH$/.test(code);
}

const depthMax = 8;

/** The error, what it gathers and what caused it, the outer ones first. */
function* marksOf(error: unknown, depth = 0): Generator<Marked> {
  if (!(error instanceof Error) || depth > depthMax) return;
  const marked: Marked = error;
  yield marked;
  for (const inner of Array.isArray(marked.errors) ? marked.errors : []) {
    yield* marksOf(inner, depth + 1);
  }
  yield* marksOf(marked.cause, depth + 1);
}
