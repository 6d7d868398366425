// What a capture comes to, rule by rule: how often a rule was asked, how often it was broken, and
// where. Places are kept up to a bound; the counts go on.

import { type Rule, type RuleId, rules } from './rules.ts';

/** Where a finding lies. */
export interface Place {
  readonly line: number | null;
  /** Byte in the payload of that line, or in a file of bytes; null for the whole. */
  readonly offset: number | null;
}

export interface Finding extends Place {
  /** What the finding is about, such as a field: findings of one subject are told together. */
  readonly subject: string;
  readonly detail: string;
}

export interface SubjectTally {
  count: number;
  readonly first: Finding;
  /** The first ones, up to a bound. */
  readonly findings: Finding[];
}

export interface RuleTally {
  readonly rule: Rule;
  /** How many frames the rule applied to. */
  checkedCount: number;
  foundCount: number;
  readonly subjects: Map<string, SubjectTally>;
}

export interface Report {
  messageCount: number;
  frameCount: number;
  byteCount: number;
  readonly vehicles: Set<string>;
  readonly codecs: Map<string, number>;
  readonly tallies: ReadonlyMap<RuleId, RuleTally>;
}

const findingsKeptMax = 100;
const subjectsKeptMax = 200;

export function openReport(): Report {
  const tallies = rules.map((rule): [RuleId, RuleTally] => {
    return [rule.id, { rule, checkedCount: 0, foundCount: 0, subjects: new Map() }];
  });
  return {
    messageCount: 0,
    frameCount: 0,
    byteCount: 0,
    vehicles: new Set(),
    codecs: new Map(),
    tallies: new Map(tallies),
  };
}

export function countChecked({ tallies }: Report, id: RuleId): void {
  tallyOf(tallies, id).checkedCount += 1;
}

export function addFinding({ tallies }: Report, id: RuleId, finding: Finding): void {
  const tally = tallyOf(tallies, id);
  tally.foundCount += 1;
  const known = tally.subjects.get(finding.subject);
  if (known === undefined) {
    if (tally.subjects.size >= subjectsKeptMax) return;
    tally.subjects.set(finding.subject, { count: 1, first: finding, findings: [finding] });
    return;
  }
  known.count += 1;
  if (known.findings.length < findingsKeptMax) known.findings.push(finding);
}

function tallyOf(tallies: Report['tallies'], id: RuleId): RuleTally {
  const tally = tallies.get(id);
  if (tally === undefined) throw new Error(`no rule ${id}`);
  return tally;
}

/** Rules that were broken; notes are none. */
export function brokenRules({ tallies }: Report): readonly RuleTally[] {
  return [...tallies.values()].filter(({ rule, foundCount }) => {
    return rule.level === 'fault' && foundCount > 0;
  });
}
