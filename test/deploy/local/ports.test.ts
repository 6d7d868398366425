// Stacks that start at the same moment never share a port.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimPorts } from '#deploy/local/ports.ts';

test('blocks claimed at once have no port in common', async () => {
  const blocks = await Promise.all(Array.from({ length: 20 }, claimPorts));
  const ports = blocks.flatMap((block) => Array.from({ length: 9 }, () => block.next()));
  assert.equal(new Set(ports).size, ports.length);
  await Promise.all(blocks.map((block) => block.release()));
});

test('a block has nine ports and says so when they are given', async () => {
  const block = await claimPorts();
  for (let given = 0; given < 9; given++) block.next();
  assert.throws(() => block.next(), /All ports of the block \d+ are given/);
  await block.release();
});
