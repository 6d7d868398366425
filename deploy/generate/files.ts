// Every file of the repository that is written by a program, and the program.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { editions } from '#shared/frame/gb32960/editions.ts';
import { avroTypesPath, avroTypesSource } from './avro-types.ts';
import { dashboardFiles } from './dashboards.ts';
import { frameDecoderSource } from './frame-decoder.ts';
import { framePages } from './frames/pages.ts';
import { readmeWithScreens } from './readme-screens.ts';
import { reasonsPage, reasonsPagePath } from './reasons-page.ts';
import { straightPath, straightSource } from './straight.ts';
import { telemetrySource } from './telemetry.ts';
import { topicsPage, topicsPagePath } from './topics-page.ts';

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  /** The text, not formatted yet. */
  readonly source: () => string;
}

export const repositoryRoot = join(import.meta.dirname, '..', '..');

export const generatedFiles: readonly GeneratedFile[] = [
  { path: avroTypesPath, source: avroTypesSource },
  ...editions.map((edition) => ({
    path: `shared/frame/gb32960/decode-${edition.year}.generated.ts`,
    source: () => frameDecoderSource(edition),
  })),
  ...editions.map((edition) => ({
    path: `shared/telemetry/gb32960-${edition.year}.generated.ts`,
    source: () => telemetrySource(edition),
  })),
  { path: straightPath, source: straightSource },
  ...dashboardFiles,
  { path: reasonsPagePath, source: reasonsPage },
  { path: topicsPagePath, source: topicsPage },
  ...framePages,
  { path: 'README.md', source: readmeWithScreens },
];

/** The text as it is committed: formatted by the house's formatter. Throws when that refuses it. */
export function generatedText({ path, source }: GeneratedFile): string {
  // The formatter leaves documents alone.
  if (path.endsWith('.md')) return source();
  const command = join(repositoryRoot, 'node_modules', '.bin', 'biome');
  const args = ['check', '--write', `--stdin-file-path=${path}`];
  const input = source();
  const run = spawnSync(command, args, { cwd: repositoryRoot, input, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${path} cannot be formatted: ${run.stderr}`);
  return run.stdout;
}
