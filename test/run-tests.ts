// Runs test files, each in a process of its own, and counts what became of their tests.
import { pipeline } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { inspect } from 'node:util';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface TestRun {
  readonly files: readonly string[];
  /** Files at a time. */
  readonly atOnce: number;
  readonly fileMsMax: number;
  readonly show: 'all' | 'failures';
}

export async function runTests({ files, atOnce, fileMsMax, show }: TestRun): Promise<Tally> {
  let tally: Tally | undefined;
  const events = run({ files: [...files], concurrency: atOnce, timeout: fileMsMax });
  events.on('test:summary', (summary) => {
    if (summary.file === undefined) tally = tallyOf(summary);
  });
  const reporter = show === 'all' ? spec() : failuresOnly;
  await pipeline(events, reporter, process.stdout, { end: false });
  // Without its last word something broke that is no test's fault; it must not pass for success.
  return tally ?? { passed: 0, failed: files.length, skipped: 0 };
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
    readonly file?: string;
    readonly line?: number;
    readonly details: { readonly error: Error & { readonly failureType?: string } };
  };
}

async function* failuresOnly(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== 'test:fail') continue;
    const { error } = data.details;
    // The parent of a failed test fails with it and has nothing to add.
    if (error.failureType === 'subtestsFailed') continue;
    yield `✖ ${data.name} (${data.file}:${data.line})\n${inspect(error.cause ?? error)}\n\n`;
  }
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, { passed, failed, skipped }) => ({
    passed: sum.passed + passed,
    failed: sum.failed + failed,
    skipped: sum.skipped + skipped,
  }));
}
