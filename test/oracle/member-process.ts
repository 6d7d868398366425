// A member of the state processor's group as the director sees it: a process that can be stopped,
// continued and killed, with its log and its metrics.

import { fileURLToPath } from 'node:url';
import { type OwnedProcess, spawnOwned } from '#deploy/local/own-process.ts';
import { eventually } from '../integration/eventually.ts';

export const memberProgram = fileURLToPath(new URL('./member.ts', import.meta.url));

export interface MemberLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Where a member stops itself, the next time that it comes by. */
export type StopPlace = 'before its outputs' | 'before its write';

export const stopSignals = {
  'before its outputs': 'SIGHUP',
  'before its write': 'SIGUSR2',
} as const satisfies Record<StopPlace, NodeJS.Signals>;

/** Said by the member with its last breath. */
export const stopSentence = 'Stopping in my tracks.';

export class MemberProcess {
  readonly name: string;
  readonly process: OwnedProcess;
  /** Its lines on stdout and stderr so far. */
  readonly output: readonly string[];
  #metrics = '';

  constructor(name: string, process: OwnedProcess, output: readonly string[]) {
    this.name = name;
    this.process = process;
    this.output = output;
  }

  get log(): readonly MemberLine[] {
    return this.output.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  }

  get lastLines(): readonly string[] {
    return this.output.slice(-30);
  }

  async whenReady(): Promise<void> {
    await this.#whenLogged(/^Joined\.$/, 60_000);
  }

  /** Resolves when it stands still, with a slice in its hands. */
  async stopAt(place: StopPlace): Promise<void> {
    const before = this.#stopCount;
    this.process.signal(stopSignals[place]);
    await eventually(`${this.name} stops ${place}`, () => {
      this.#assertAlive();
      if (this.#stopCount === before) throw new Error('it goes on');
    });
  }

  goOn(): void {
    this.process.signal('SIGCONT');
  }

  /** Of all series with this name; 0 where there is none. Scraped by `scrape`. */
  sum(name: string): number {
    return this.#metrics
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  /** One that is gone or stands still leaves what was known. */
  async scrape(): Promise<void> {
    const line = this.log.find(({ msg }) => msg === 'Starting.');
    if (line === undefined || !this.process.isAlive()) return;
    try {
      const answer = await fetch(`${line['ops']}/metrics`, { signal: AbortSignal.timeout(2_000) });
      this.#metrics = await answer.text();
    } catch {
      // Stopped or ending.
    }
  }

  get #stopCount(): number {
    return this.log.filter(({ msg }) => msg === stopSentence).length;
  }

  async #whenLogged(sentence: RegExp, withinMs: number): Promise<void> {
    await eventually(
      `${this.name} says ${sentence}`,
      () => {
        this.#assertAlive();
        if (!this.log.some(({ msg }) => sentence.test(msg))) throw new Error('it does not');
      },
      withinMs,
    );
  }

  #assertAlive(): void {
    if (!this.process.isAlive()) throw new Error(`it has ended: ${this.lastLines.join('\n')}`);
  }
}

export interface MemberSpawn {
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  readonly program: string;
}

export async function spawnMember({ name, env, program }: MemberSpawn): Promise<MemberProcess> {
  const output: string[] = [];
  const process_ = await spawnOwned({
    command: process.execPath,
    args: [program],
    env: { PATH: process.env['PATH'], OPS_HOST: '127.0.0.1', OPS_PORT: '0', ...env },
    graceMs: 30_000,
    onLine: (line) => output.push(line),
  });
  return new MemberProcess(name, process_, output);
}
