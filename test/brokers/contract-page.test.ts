// What a run of the contract writes into docs/brokers.md.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probes } from './contract.ts';
import { tableOf } from './contract-page.ts';
import type { Finding } from './probe.ts';

const broker = { name: 'Some', title: 'Some broker 1.0' };

function tableWith(finding: Finding | Error): readonly string[] {
  const answers = probes.map((probe) => ({ probe, finding }));
  return tableOf([{ broker, answers }], ['on a day']).split('\n');
}

test('has a row for each probe, and says when, on which brokers and what was measured', () => {
  const lines = tableWith({ verdict: 'no', detail: '3 of 60' });
  assert.equal(lines[0], 'Asked on a day:');
  assert.ok(lines.includes('- **Some**: Some broker 1.0'));
  for (const { name } of probes) {
    const rows = lines.filter((line) => line.startsWith(`| **${name}**:`));
    assert.equal(rows.length, 1, name);
    assert.match(rows[0]!, /\| no: 3 of 60 \|/);
  }
});

test('a fact has no yes or no, and what could not be asked is not left out', () => {
  assert.ok(
    tableWith({ verdict: 'fact', detail: 'limit 7' }).some((l) => l.includes('| limit 7 |')),
  );
  assert.ok(tableWith(new Error('gone')).some((line) => line.includes('| **failed**: gone |')));
});
