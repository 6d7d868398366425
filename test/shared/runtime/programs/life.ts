// Child process of main.test.ts: a program whose life the first argument chooses.

import { once } from 'node:events';
import { loadConfig, setting } from '#shared/runtime/config.ts';
import { integer, text } from '#shared/runtime/config-schemas.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { type Life, type MainOptions, runMain } from '#shared/runtime/main.ts';
import { delay } from '#shared/runtime/retry.ts';

type Main = (signal: AbortSignal, life: Life) => Promise<void>;

const forever = () => new Promise<void>(() => setInterval(() => undefined, 60_000));
const say = (line: string) => process.stdout.write(`${line}\n`);

const badTable = {
  count: setting({
    name: 'LIFE_COUNT',
    schema: integer({ min: 1, max: 9, unit: 'cats' }),
    example: 9,
    doc: 'How many.',
  }),
  password: setting({
    name: 'LIFE_PASSWORD',
    schema: text(),
    secret: true,
    example: 'x',
    doc: 'P.',
  }),
};

const lives: Record<string, Main> = {
  done: async () => undefined,
  configured: async () => {
    loadConfig(badTable, { env: process.env });
  },
  broken: async () => {
    throw new Error('the hull is open');
  },
  rejecting: async () => {
    void Promise.reject(new Error('nobody awaited this'));
    await forever();
  },
  throwing: async () => {
    setImmediate(() => {
      throw new Error('thrown from a callback');
    });
    await forever();
  },
  draining: async (signal) => {
    const aborted = once(signal, 'abort');
    const alive = setInterval(() => undefined, 60_000);
    say('running');
    await aborted;
    clearInterval(alive);
    say('drained');
  },
  waiting: async (signal) => {
    say('running');
    await delay(60_000, signal);
  },
  stuck: async (signal, life) => {
    life.useLog(createLogger({ level: 'info', name: 'renamed' }));
    void life.own('lane 3', forever());
    signal.addEventListener('abort', () => say('aborted'));
    say('running');
    await forever();
  },
};

const [name = '', options = '{}'] = process.argv.slice(2);
await runMain(lives[name]!, { name: 'life', ...(JSON.parse(options) as Partial<MainOptions>) });
