// A bridge as it runs in production, a process of its own, with what it says: its log, its probes
// and its metrics.

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  describeExit,
  type Exit,
  type OwnedProcess,
  spawnOwned,
} from '#deploy/local/own-process.ts';
import { type Addresses, environmentOf } from '#loadtest/demo/addresses.ts';
import { type LedgerLine, ledgerLinesOf } from '#loadtest/ledger/conservation.ts';
import type { HealthReport } from '#shared/runtime/health.ts';
import { eventually } from './eventually.ts';
import type { Scope } from './scope.ts';

export type Settings = Readonly<Record<string, string>>;

export interface LogLine {
  readonly level: string;
  /** The constant sentence. */
  readonly msg: string;
  readonly [field: string]: unknown;
}

const mainFile = fileURLToPath(new URL('../../services/bridge/main.ts', import.meta.url));

/** Ends with the test; after a failed one its log is shown. */
export async function startBridge(
  t: Scope,
  addresses: Addresses,
  settings: Settings & { readonly BRIDGE_NAME: string },
  /** Of another build. Default: of this one. */
  otherMainFile = mainFile,
): Promise<BridgeProcess> {
  const env = { ...environmentOf(addresses, {}), ...settings };
  const bridge = await spawnBridge(env, otherMainFile);
  t.after(async () => {
    await bridge.process.kill();
    if (t.passed) return;
    const lines = bridge.output.slice(-linesShown).map((line) => `  ${bridge.name}: ${line}\n`);
    process.stderr.write(lines.join(''));
  });
  return bridge;
}

/** Exactly these settings, whatever they are worth. */
export function spawnBridge(
  env: NodeJS.ProcessEnv,
  otherMainFile = mainFile,
): Promise<BridgeProcess> {
  const name = env['BRIDGE_NAME'] ?? 'bridge';
  return spawnService({ name, mainFile: otherMainFile, env });
}

export interface ServiceSpawn {
  readonly name: string;
  readonly mainFile: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Any service: logs, probes and metrics are the same in all. */
export async function spawnService({ name, mainFile, env }: ServiceSpawn): Promise<BridgeProcess> {
  const output: string[] = [];
  const news = new EventEmitter();
  const process_ = await spawnOwned({
    command: process.execPath,
    args: [mainFile],
    env: { PATH: process.env['PATH'], OPS_HOST: '127.0.0.1', OPS_PORT: '0', ...env },
    graceMs: 60_000,
    onLine: (line) => {
      output.push(line);
      news.emit('line');
    },
  });
  return new BridgeProcess({ name, process: process_, output, news });
}

const linesShown = 40;

interface BridgeParts {
  readonly name: string;
  readonly process: OwnedProcess;
  readonly output: readonly string[];
  /** Emits `line` for each. */
  readonly news: EventEmitter;
}

export class BridgeProcess {
  readonly name: string;
  readonly process: OwnedProcess;
  /** Its lines on stdout and stderr so far. */
  readonly output: readonly string[];
  readonly #news: EventEmitter;

  constructor({ name, process, output, news }: BridgeParts) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.#news = news;
  }

  get log(): readonly LogLine[] {
    return this.output.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  }

  /** The first line that says so, of the past or to come; rejects when the process ends before. */
  async logged(sentence: RegExp, withinMs = 30_000): Promise<LogLine> {
    const deadline = AbortSignal.timeout(withinMs);
    for (;;) {
      const found = this.log.find(({ msg }) => sentence.test(msg));
      if (found) return found;
      const wanted = `${this.name}: wanted a log line ${sentence}`;
      assert.ok(this.process.isAlive(), `${wanted}, found its end`);
      assert.ok(!deadline.aborted, `${wanted} within ${withinMs} ms, found ${this.output.at(-1)}`);
      const waits = [once(this.#news, 'line', { signal: deadline }), this.process.exited];
      await Promise.race(waits).catch(() => undefined);
    }
  }

  async whenReady(withinMs = 30_000): Promise<void> {
    await this.logged(/^Starting\.$/);
    await eventually(
      `${this.name} ready`,
      async () => {
        assert.ok(this.process.isAlive(), `${this.name} has ended`);
        const { isReady, parts } = await this.readyz();
        assert.ok(isReady, JSON.stringify(parts));
      },
      withinMs,
    );
  }

  async readyz(): Promise<HealthReport> {
    const { report } = await this.askReady();
    return report;
  }

  async askReady(): Promise<{ readonly status: number; readonly report: HealthReport }> {
    const answer = await this.#ask('/readyz');
    return { status: answer.status, report: (await answer.json()) as HealthReport };
  }

  async metrics(): Promise<Metrics> {
    const answer = await this.#ask('/metrics');
    return new Metrics(await answer.text());
  }

  /** Says the exit in words where it is not 0. */
  async stop(): Promise<void> {
    const exit = await this.terminate();
    assert.equal(exit.code, 0, `${this.name} ended with ${describeExit(exit)}`);
  }

  terminate(): Promise<Exit> {
    return this.process.stop();
  }

  async #ask(path: string): Promise<Response> {
    const { ops } = await this.logged(/^Starting\.$/);
    return fetch(`${ops}${path}`, { signal: AbortSignal.timeout(5_000) });
  }
}

export class Metrics {
  readonly text: string;
  readonly #values = new Map<string, number>();

  constructor(text: string) {
    this.text = text;
    for (const line of text.split('\n')) {
      const at = line.lastIndexOf(' ');
      if (at > 0 && !line.startsWith('#'))
        this.#values.set(line.slice(0, at), Number(line.slice(at)));
    }
  }

  /** Of all series with this name, without `fleetwire_bridge_`. Throws when there is none. */
  sum(name: string): number {
    const full = name.startsWith('process_') ? name : `fleetwire_bridge_${name}`;
    const series = [...this.#values].filter(([key]) => key === full || key.startsWith(`${full}{`));
    assert.ok(series.length > 0, `no series ${full}`);
    return series.reduce((total, [, value]) => total + value, 0);
  }

  /** The ledger of all codecs together. */
  get ledger(): LedgerLine {
    const sum = { received: 0, produced: 0, quarantined: 0, returned: 0, inFlight: 0 };
    for (const line of ledgerLinesOf(this.text).values()) {
      for (const term of Object.keys(sum) as (keyof LedgerLine)[]) sum[term] += line[term];
    }
    return sum;
  }
}
