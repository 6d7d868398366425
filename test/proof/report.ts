// docs/proof.md: what was proven when, on which machine, with which figures. A proof takes minutes
// and all of them more than an hour, so each has its own row, with the time and the commit of its
// latest run; docs/proof.json keeps them between runs.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findJava } from '#deploy/local/java.ts';
import { PARTS } from '#deploy/local/parts.ts';
import type { Figures, Proof, ProofResult } from './proof.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pagePath = fileURLToPath(new URL('../../docs/proof.md', import.meta.url));
const keptPath = fileURLToPath(new URL('../../docs/proof.json', import.meta.url));

/** Name and value, in the order in which they are read. */
export type Facts = readonly (readonly [string, string])[];

/** The latest run of one proof. */
export interface KeptResult extends ProofResult {
  readonly begun: string;
  readonly commit: string;
}

/** Keeps the result in place of the one before, and writes the page anew; answers its path. */
export function keepResult(result: KeptResult, proofs: readonly Proof[], facts: Facts): string {
  const others = readKept().filter(({ name }) => name !== result.name);
  const kept = proofs.flatMap(({ name }) => {
    return [...others, result].filter((each) => each.name === name);
  });
  writeFileSync(keptPath, `${JSON.stringify(kept, null, 2)}\n`);
  writeFileSync(pagePath, pageOf(kept, proofs, facts));
  return pagePath;
}

function readKept(): readonly KeptResult[] {
  if (!existsSync(keptPath)) return [];
  return JSON.parse(readFileSync(keptPath, 'utf8')) as readonly KeptResult[];
}

/** Pure. A proof without a result is told as not run. */
export function pageOf(
  kept: readonly KeptResult[],
  proofs: readonly Proof[],
  facts: Facts,
): string {
  const passedCount = kept.filter(({ passed }) => passed).length;
  const lines = [
    '# Proof',
    '',
    'Written by `npm run prove`, the long forms of the tests: a real Kafka, MQTT broker and',
    'registry, real bridges, faults under load. Do not edit it by hand; run it again. Each row is',
    'the latest run of its proof; `npm run prove -- <name>` renews that row alone.',
    '',
    '| | |',
    '| --- | --- |',
    ...facts.map(([name, value]) => `| ${name} | ${value} |`),
    '',
    `**${passedCount} of ${proofs.length} hold.**`,
    '',
    '| proof | verdict | begun | commit | duration | figures |',
    '| --- | --- | --- | --- | --- | --- |',
    ...proofs.map(({ name }) =>
      rowOf(
        name,
        kept.find((each) => each.name === name),
      ),
    ),
    '',
    'What each one says when it holds:',
    '',
    ...proofs.map(({ name, sentence }) => `- **${name}**: ${sentence}`),
    '',
    ...kept.flatMap(faultOf),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Where all of it runs. */
export async function readFacts(): Promise<Facts> {
  const java = await findJava();
  const memoryGib = Math.round(totalmem() / 1024 ** 3);
  const version = (name: keyof typeof PARTS) => `${PARTS[name].title} ${PARTS[name].version}`;
  return [
    ['machine', `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${memoryGib} GiB`],
    ['Node', process.versions.node],
    ['Java', java.version],
    ['Kafka', version('kafka')],
    ['MQTT broker', version('artemis')],
    ['registry', version('apicurio')],
  ];
}

/** To be read before a proof: the clone may move on while it runs. */
export function readMoment(): Pick<KeptResult, 'begun' | 'commit'> {
  const begun = new Date().toISOString().slice(0, 16).replace('T', ' ').concat(' UTC');
  return { begun, commit: commit() };
}

/** A row that was written does not make the next one's commit another. */
const othersThanOurs = ['--', '.', ':!docs/proof.md', ':!docs/proof.json'];

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  try {
    const changes = git('status', '--porcelain', '--untracked-files=no', ...othersThanOurs);
    return `${git('rev-parse', '--short', 'HEAD')}${changes === '' ? '' : ', with local changes'}`;
  } catch {
    // A copy without its history.
    return 'unknown';
  }
}

function rowOf(proof: string, result: KeptResult | undefined): string {
  if (result === undefined) return `| ${proof} | not run | | | | |`;
  const { passed, begun, commit, seconds, figures } = result;
  const verdict = passed ? 'holds' : '**fails**';
  return `| ${[proof, verdict, begun, commit, `${seconds} s`, figuresText(figures)].join(' | ')} |`;
}

/** In one line. */
export function figuresText(figures: Figures): string {
  const parts = Object.entries(figures).map(([name, value]) => {
    return `${name} ${typeof value === 'number' ? value.toLocaleString('en-US') : value}`;
  });
  return parts.join('; ');
}

function faultOf({ name, fault }: KeptResult): readonly string[] {
  if (fault === null) return [];
  return [`## ${name} fails`, '', '```', fault, '```', ''];
}
