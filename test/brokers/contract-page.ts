// The part of docs/brokers.md that a run of the contract writes.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Answer, probes } from './contract.ts';
import type { BrokerUnderTest, Probe } from './probe.ts';

const path = fileURLToPath(new URL('../../docs/brokers.md', import.meta.url));
const marks = /(?<=<!-- answers -->\n)[\s\S]*(?=<!-- \/answers -->)/;

export interface Answers {
  readonly broker: Pick<BrokerUnderTest, 'name' | 'title'>;
  /** One for each probe, in their order. */
  readonly answers: readonly Answer[];
}

/** The path of the page. */
export function writePage(all: readonly Answers[], facts: readonly string[]): string {
  const page = readFileSync(path, 'utf8');
  if (!marks.test(page)) throw new Error(`${path} has no <!-- answers -->`);
  writeFileSync(
    path,
    page.replace(marks, () => tableOf(all, facts)),
  );
  return path;
}

/** `facts`: when, on which machine. */
export function tableOf(all: readonly Answers[], facts: readonly string[]): string {
  const lines = [
    `Asked ${facts.join(', ')}:`,
    '',
    ...all.map(({ broker }) => `- **${broker.name}**: ${broker.title}`),
    '',
    'What the promises of the bridge rest on:',
    '',
    ...rowsOf(all, 'needed'),
    '',
    'What may differ:',
    '',
    ...rowsOf(all, 'told'),
  ];
  return `${lines.join('\n')}\n`;
}

function rowsOf(all: readonly Answers[], need: Probe['need']): readonly string[] {
  const heads = ['probe', ...all.map(({ broker }) => broker.name), 'where the answer is no'];
  const rows = probes
    .map((probe, at) => ({ probe, at }))
    .filter(({ probe }) => probe.need === need)
    .map(({ probe, at }) => [
      `**${probe.name}**: ${probe.sentence}`,
      ...all.map(({ answers }) => cellOf(answers[at]!)),
      probe.otherwise,
    ]);
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function cellOf({ finding }: Answer): string {
  if (finding instanceof Error) return `**failed**: ${finding.message}`;
  const { verdict, detail } = finding;
  return verdict === 'fact' ? detail : `${verdict}: ${detail}`;
}
