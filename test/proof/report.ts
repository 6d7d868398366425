// docs/proof.md: what was proven when, on which machine, with which figures.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findJava } from '#deploy/local/java.ts';
import { PARTS } from '#deploy/local/parts.ts';
import type { Figures, ProofResult } from './proof.ts';

const path = fileURLToPath(new URL('../../docs/proof.md', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Name and value, in the order in which they are read. */
export type Facts = readonly (readonly [string, string])[];

/** The path of the written file. */
export function writeReport(results: readonly ProofResult[], facts: Facts): string {
  const passedCount = results.filter(({ passed }) => passed).length;
  const lines = [
    '# Proof',
    '',
    'Written by `npm run prove`, the long forms of the tests: a real Kafka, MQTT broker and',
    'registry, real bridges, faults under load. Do not edit it by hand; run it again.',
    '',
    '| | |',
    '| --- | --- |',
    ...facts.map(([name, value]) => `| ${name} | ${value} |`),
    '',
    `**${passedCount} of ${results.length} hold.**`,
    '',
    '| proof | verdict | duration | figures |',
    '| --- | --- | --- | --- |',
    ...results.map(rowOf),
    '',
    'What each one says when it holds:',
    '',
    ...results.map(({ name, sentence }) => `- **${name}**: ${sentence}`),
    '',
    ...results.flatMap(faultOf),
  ];
  writeFileSync(path, `${lines.join('\n').trimEnd()}\n`);
  return path;
}

/** To be read before the first proof: the clone may move on while they run. */
export async function readFacts(): Promise<Facts> {
  const java = await findJava();
  const memoryGib = Math.round(totalmem() / 1024 ** 3);
  const version = (name: keyof typeof PARTS) => `${PARTS[name].title} ${PARTS[name].version}`;
  return [
    ['begun', new Date().toISOString().slice(0, 16).replace('T', ' ').concat(' UTC')],
    ['commit', commit()],
    ['machine', `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${memoryGib} GiB`],
    ['Node', process.versions.node],
    ['Java', java.version],
    ['Kafka', version('kafka')],
    ['MQTT broker', version('artemis')],
    ['registry', version('apicurio')],
  ];
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  try {
    const changes = git('status', '--porcelain', '--untracked-files=no');
    return `${git('rev-parse', '--short', 'HEAD')}${changes === '' ? '' : ', with local changes'}`;
  } catch {
    // A copy without its history.
    return 'unknown';
  }
}

function rowOf({ name, passed, seconds, figures }: ProofResult): string {
  return `| ${name} | ${passed ? 'holds' : '**fails**'} | ${seconds} s | ${figuresText(figures)} |`;
}

/** In one line. */
export function figuresText(figures: Figures): string {
  const parts = Object.entries(figures).map(([name, value]) => {
    return `${name} ${typeof value === 'number' ? value.toLocaleString('en-US') : value}`;
  });
  return parts.join('; ');
}

function faultOf({ name, fault }: ProofResult): readonly string[] {
  if (fault === null) return [];
  return [`## ${name} fails`, '', '```', fault, '```', ''];
}
