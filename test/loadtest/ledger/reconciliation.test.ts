// The reconciliation as people read it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLedger } from '#loadtest/ledger/check.ts';
import { Conservation } from '#loadtest/ledger/conservation.ts';
import { renderReconciliation, summaryOf } from '#loadtest/ledger/reconciliation.ts';
import { pureRun } from '../pure-run.ts';

const run = await pureRun({ vehicles: 6, seconds: 20 });
const options = { conservation: new Conservation(), redeliveryMax: 0, skewMs: 0 };

test('sums up a good run in one line that adds up', () => {
  const summary = summaryOf(checkLedger({ ...run, ...options }));
  const numbers = [...summary.matchAll(/\d[\d,]*/g)].map(([text]) => Number(text.replace(',', '')));
  assert.match(summary, /^sent [\d,]+ = stored [\d,]+ \+ quarantined \d+; duplicates 0; lost 0$/);
  const [sent = 0, stored = 0, quarantined = 0] = numbers;
  assert.equal(sent, stored + quarantined);
});

test('names what was lost, in the line and below the table', () => {
  const found = checkLedger({ ...run, records: run.records.slice(1), ...options });
  assert.match(summaryOf(found), / \+ lost 1; duplicates 0; lost 1$/);
  const lines = renderReconciliation(found);
  assert.ok(lines.some((line) => line.includes('of message 1')));
});

test('speaks of redelivery only where there was a fault', () => {
  const lines = renderReconciliation(checkLedger({ ...run, ...options }));
  assert.ok(!lines.some((line) => line.includes('delivered again')));
});
