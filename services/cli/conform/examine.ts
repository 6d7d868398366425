// One payload of a capture held to the rules that need nothing but itself: its bytes, its fields,
// and the record that it becomes.

import type { Explained } from '#shared/frame/explained.ts';
import type { Outcome } from '#shared/frame/outcome.ts';
import { vinFault } from '#shared/frame/vin.ts';
import type { Entry } from './capture.ts';
import { addFinding, countChecked, type Finding, type Report } from './report.ts';
import { type RuleId, ruleFor } from './rules.ts';

export interface Examined {
  readonly entry: Entry;
  readonly outcomes: readonly Outcome<unknown>[];
  readonly told: readonly Explained[];
}

/** Rules of the frame itself: asked of every frame. */
const frameRules: readonly RuleId[] = ['start', 'length', 'check_byte', 'encryption', 'command'];
const readRules: readonly RuleId[] = ['body', 'item_types', 'items_whole', 'trailing', 'values'];

export function examineFrames(report: Report, examined: Examined): void {
  const { entry, outcomes, told } = examined;
  for (const [index, outcome] of outcomes.entries()) {
    for (const id of frameRules) countChecked(report, id);
    const frame = told[index];
    const at = frame?.at ?? 0;
    if (outcome.reason !== null) addReason(report, examined, outcome, at);
    if (outcome.kind === 'reject' || frame === undefined) continue;
    for (const id of readRules) countChecked(report, id);
    examineFields(report, entry, frame);
  }
}

function addReason(report: Report, { entry }: Examined, outcome: Outcome<unknown>, at: number) {
  if (outcome.reason === null) return;
  const { code, offset, detail } = outcome.reason;
  const rule = ruleFor(code);
  if (rule === null) return;
  if (readRules.includes(rule) && outcome.kind === 'reject') countChecked(report, rule);
  addFinding(report, rule, findingAt(entry, at + offset, code, detail));
}

function examineFields(report: Report, entry: Entry, frame: Explained): void {
  countChecked(report, 'sentinels');
  const path: string[] = [];
  examineParts(report, entry, frame.parts, path);
}

function examineParts(
  report: Report,
  entry: Entry,
  parts: readonly Explained[],
  path: readonly string[],
): void {
  for (const part of parts) {
    if (part.parts.length > 0) {
      examineParts(report, entry, part.parts, [...path, plainName(part.name)]);
      continue;
    }
    examineLeaf(report, entry, part, [...path, plainName(part.name)].join('.'));
  }
}

/** Entries of a list are one subject: `cellVoltages[]`; an item is known by its name. */
function plainName(name: string): string {
  return name.replace(/^item (0x\w\w) (.*)$/, '$2').replaceAll(/\[\d+\]/g, '[]');
}

function examineLeaf(report: Report, entry: Entry, leaf: Explained, subject: string): void {
  const { at, name, verdict, raw, expected } = leaf;
  if (verdict === 'out_of_range') {
    const detail = `${raw} found, wanted ${expected}`;
    addFinding(report, 'values', findingAt(entry, at, subject, detail));
  } else if (verdict === 'abnormal' || verdict === 'invalid') {
    addFinding(report, 'sentinels', findingAt(entry, at, subject, verdict));
  } else if (name === 'trailing') {
    const detail = `${leaf.end - at} bytes are left`;
    addFinding(report, 'trailing', findingAt(entry, at, 'trailing', detail));
  } else if (name === 'vin') {
    examineVin(report, entry, leaf);
  }
}

/** Ids of platforms are no VINs; only what has their length is held to it. */
function examineVin(report: Report, entry: Entry, { at, value }: Explained): void {
  if (value === null || value.length !== 17) return;
  countChecked(report, 'vin');
  const fault = vinFault(value);
  if (fault !== null) addFinding(report, 'vin', findingAt(entry, at, value, fault));
}

/** At a byte of the payload. */
export function findingAt(
  { line, offset }: Entry,
  at: number | null,
  subject: string,
  detail: string,
): Finding {
  return { line, offset: at === null ? null : offset + at, subject, detail };
}
