// Runs test files, each in a process of its own, and counts what became of their tests.
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { inspect } from 'node:util';

const STDERR_CHARS_MAX = 4_000;

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface TestRun {
  readonly files: readonly string[];
  /** Files at a time. */
  readonly atOnce: number;
  /** Then the file's process is ended and what it had not finished has failed. */
  readonly fileMsMax: number;
  readonly show: 'all' | 'failures';
}

/** Prints what `show` asks for as it comes, and resolves with the sum over all files. */
export async function runTests({ files, atOnce, fileMsMax, show }: TestRun): Promise<Tally> {
  const left = [...files];
  const tallies: Tally[] = [];
  const runLeft = async () => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      tallies.push(await runFile({ file, fileMsMax, show }));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, runLeft));
  return addTallies(tallies);
}

interface FileRun extends Pick<TestRun, 'fileMsMax' | 'show'> {
  readonly file: string;
}

async function runFile({ file, fileMsMax, show }: FileRun): Promise<Tally> {
  let tally: Tally | undefined;
  const events = run({
    files: [file],
    // The only limit that also ends a file that hangs before or after its tests, spins or leaks.
    // Not --test-force-exit: it ends the process with results still unsaid, and those count as
    // never run.
    signal: AbortSignal.timeout(fileMsMax),
  });
  events.on('test:summary', (summary) => {
    if (summary.file === undefined) tally = tallyOf(summary);
  });
  const report =
    show === 'all' ? events.compose(withoutSums).compose(spec()) : failuresOnly(events);
  for await (const text of report) process.stdout.write(text);
  // Without its last word something broke that is no test's fault; it must not pass for success.
  return tally ?? { passed: 0, failed: 1, skipped: 0 };
}

interface Summary {
  readonly success: boolean;
  readonly counts: {
    readonly tests: number;
    readonly passed: number;
    readonly skipped: number;
    readonly todo: number;
  };
}

function tallyOf({ success, counts }: Summary): Tally {
  const skipped = counts.skipped + counts.todo;
  const failed = counts.tests - counts.passed - skipped;
  // A hook can fail where every test passes.
  return { passed: counts.passed, failed: success ? failed : Math.max(1, failed), skipped };
}

interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name: string;
    readonly nesting: number;
    readonly message?: string;
    /** Of a skipped test: why, or true. */
    readonly skip?: string | boolean;
    readonly file?: string;
    readonly line?: number;
    readonly details: { readonly error: Error & { readonly failureType?: string } };
  };
}

/** The sums of one file among many are noise; the caller has those of all. */
async function* withoutSums(events: AsyncIterable<TestEvent>): AsyncGenerator<TestEvent> {
  for await (const event of events) {
    if (event.type !== 'test:diagnostic' || event.data.nesting > 0) yield event;
  }
}

async function* failuresOnly(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const words: string[] = [];
  const skipped = new Map<string, number>();
  let isGood = true;
  for await (const { type, data } of events) {
    if (type === 'test:stderr') words.push(data.message ?? '');
    if (type === 'test:pass' && typeof data.skip === 'string') {
      skipped.set(data.skip, (skipped.get(data.skip) ?? 0) + 1);
    }
    if (type !== 'test:fail') continue;
    isGood = false;
    const { error } = data.details;
    // The parent of a failed test fails with it and has nothing to add.
    if (error.failureType === 'subtestsFailed') continue;
    yield `✖ ${data.name} (${data.file}:${data.line})\n${inspect(error.cause ?? error)}\n\n`;
  }
  // Nobody may take what did not run for what passed; one line for each reason.
  for (const [reason, count] of skipped) {
    yield `﹣ ${count === 1 ? 'A TEST' : `${count} TESTS`} DID NOT RUN. ${reason}\n`;
  }
  // A file that cannot even be loaded tells why nowhere else.
  if (!isGood) yield words.join('').slice(-STDERR_CHARS_MAX);
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}
