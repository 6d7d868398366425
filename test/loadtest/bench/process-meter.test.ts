// The meter of the bench: CPU time and peak memory of other processes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuMsOf, rssPeakMbOf } from '#loadtest/bench/process-meter.ts';

test('counts CPU time as the process itself does, to a few ticks', () => {
  const own = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const from = own() - cpuMsOf(process.pid);
  for (const until = own() + 200; own() < until; );
  assert.ok(Math.abs(own() - cpuMsOf(process.pid) - from) < 60);
});

test('tells the peak of memory, not what is left of it', () => {
  const before = rssPeakMbOf(process.pid);
  assert.ok(before > 20);
  Buffer.alloc(300 * 1024 * 1024, 1);
  assert.ok(rssPeakMbOf(process.pid) >= before);
  assert.ok(rssPeakMbOf(process.pid) > 300);
});
