// Which test files a run takes, out of what was typed after `npm test --`.
import { globSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';

export interface TestChoice {
  readonly withChecks: boolean;
  readonly unit: readonly string[];
  readonly integration: readonly string[];
  /** Every test by name: someone looks at these files only. */
  readonly isDetailed: boolean;
}

const ROOT = resolve(import.meta.dirname, '..');
const INTEGRATION = 'test/integration/';

/**
 * Integration tests on brokers of their own alone: they run beside the others, which share a stack
 * and would take each other's frames.
 */
export const apartFiles: readonly string[] = [
  'chaos-short',
  'kafka-hangs',
  'leaders-move',
  'local-stack',
  'names-lost',
  'partitions-added',
  'planted-short',
].map((name) => `${INTEGRATION}${name}.test.ts`);

/** `unit`, `integration`, a path of a file or folder, or nothing for all. */
export function chooseTests(what: string | undefined): TestChoice {
  const all = globSync('test/**/*.test.ts', { cwd: ROOT }).sort();
  const unit = all.filter((file) => !file.startsWith(INTEGRATION));
  const integration = all.filter((file) => file.startsWith(INTEGRATION));
  if (what === undefined) return { withChecks: true, unit, integration, isDetailed: false };
  if (what === 'unit') return { withChecks: false, unit, integration: [], isDetailed: false };
  if (what === 'integration') return { withChecks: false, unit: [], integration, isDetailed: true };
  const isChosen = chooserOf(what);
  return {
    withChecks: false,
    unit: unit.filter(isChosen),
    integration: integration.filter(isChosen),
    isDetailed: true,
  };
}

function chooserOf(what: string): (file: string) => boolean {
  const path = relative(ROOT, resolve(what));
  const isFolder = statSync(resolve(what), { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? (file) => file.startsWith(`${path}/`) : (file) => file === path;
}
