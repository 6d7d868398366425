// Names that hosts are known by, asked of the system's resolver: one question at a time for each
// name, and nobody waits for an answer without end.

import dns, { type LookupAddress, type LookupOptions } from 'node:dns';
import { isDeepStrictEqual } from 'node:util';

type Callback = (error: Error | null, found: string | LookupAddress[], family?: number) => void;
/** `dns.lookup` with all its arguments. */
export type Lookup = (name: string, options: LookupOptions, callback: Callback) => void;

interface Question {
  readonly name: string;
  readonly options: LookupOptions;
  readonly waiting: Set<Callback>;
}

/** Longer than the 5 s after which a resolver asks its next server. */
const answerMsMax = 8_000;

/**
 * A resolver that hangs keeps a thread of Node's pool for as long as it likes, and only two of the
 * four may look names up: two connections to one lost name would stop every other name from being
 * found, and each attempt after them would queue behind. So whoever asks for a name that is being
 * asked for waits for the same answer. The libraries cannot be given a way to look names up; all of
 * them take Node's, which is replaced here. Call it once, before anything connects.
 */
export function shareLookups(msMax = answerMsMax): void {
  const original = dns.lookup as unknown as Lookup;
  const shared = sharedLookup(original, msMax);
  Object.assign(dns, {
    lookup: (name: string, options: LookupOptions | number | Callback, callback?: Callback) => {
      if (typeof options === 'function') shared(name, {}, options);
      else shared(name, typeof options === 'object' ? options : { family: options }, callback!);
    },
  });
}

/** For tests: the same over any lookup. */
export function sharedLookup(original: Lookup, msMax: number): Lookup {
  const questions = new Set<Question>();
  return (name, options, callback) => {
    const pending = [...questions].find((each) => isSame(each, name, options));
    const question = pending ?? { name, options, waiting: new Set() };
    wait(question, callback, msMax);
    if (pending === undefined) ask(original, question, questions);
  };
}

/** A question that cannot even be asked is answered so: it must not stand in the way for good. */
function ask(original: Lookup, question: Question, questions: Set<Question>): void {
  questions.add(question);
  const answered: Callback = (...answer) => {
    questions.delete(question);
    for (const each of question.waiting) each(...answer);
  };
  try {
    original(question.name, question.options, answered);
  } catch (error) {
    const fault = error instanceof Error ? error : new Error(String(error));
    // As every other answer: never before the call has returned.
    process.nextTick(answered, fault, []);
  }
}

function isSame(question: Question, name: string, options: LookupOptions): boolean {
  return question.name === name && isDeepStrictEqual(question.options, options);
}

function wait({ name, waiting }: Question, callback: Callback, msMax: number): void {
  const answered: Callback = (...answer) => {
    clearTimeout(timer);
    callback(...answer);
  };
  const timer = setTimeout(() => {
    waiting.delete(answered);
    callback(new NameTimeoutError(name, msMax), []);
  }, msMax);
  waiting.add(answered);
}

/** In the shape of Node's own errors of a lookup. */
class NameTimeoutError extends Error {
  readonly code = 'ETIMEOUT';
  readonly syscall = 'getaddrinfo';
  readonly hostname: string;

  constructor(hostname: string, msMax: number) {
    super(`getaddrinfo ETIMEOUT ${hostname}: the resolver has not answered within ${msMax} ms`);
    this.name = 'NameTimeoutError';
    this.hostname = hostname;
  }
}
