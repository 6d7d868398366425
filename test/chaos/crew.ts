// The bridges of a chaos run: real processes in places that they keep; a bridge that dies is
// followed by another one in its place, under another name, as a pod is.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BridgeProcess, startBridge } from '../integration/bridge-process.ts';
import { LedgerWatch } from '../integration/ledger-watch.ts';
import type { Scope } from '../integration/scope.ts';
import type { Bed } from './bed.ts';

/** Null: not set. */
export type CrewSettings = Readonly<Record<string, string | null>>;

export interface CrewOptions {
  readonly bed: Bed;
  readonly scope: Scope;
  readonly settings: CrewSettings;
  /** main.ts of the next bridge at that place. Default: of this build. */
  readonly mainFileOf?: (place: number, name: string) => string | undefined;
}

export class Crew {
  readonly watch: LedgerWatch;
  readonly #options: CrewOptions;
  readonly #bridges: (BridgeProcess | null)[];
  readonly #all: BridgeProcess[] = [];

  constructor(options: CrewOptions) {
    this.#options = options;
    this.#bridges = options.bed.proxies.bridges.map(() => null);
    this.watch = new LedgerWatch([]);
    options.scope.after(() => this.watch.stop());
  }

  /** Places with a bridge. */
  get places(): readonly number[] {
    return this.#bridges.flatMap((bridge, place) => (bridge === null ? [] : [place]));
  }

  get placeCount(): number {
    return this.#bridges.length;
  }

  /** All that ever were. */
  get all(): readonly BridgeProcess[] {
    return this.#all;
  }

  /** Throws where the place is empty. */
  at(place: number): BridgeProcess {
    const bridge = this.#bridges[place];
    if (!bridge) throw new Error(`no bridge at place ${place + 1}`);
    return bridge;
  }

  /** Resolves when every place has a bridge that is ready. */
  async fill(): Promise<void> {
    await Promise.all(this.#bridges.map((bridge, place) => (bridge ? null : this.start(place))));
  }

  /** Resolves when it is ready. */
  async start(place: number): Promise<void> {
    await this.spawn(place);
    await this.join(place);
  }

  /** Resolves when its process runs; `settings` go over those of the crew, null takes one away. */
  async spawn(place: number, settings: CrewSettings = {}): Promise<BridgeProcess> {
    const { bed, scope } = this.#options;
    const life = this.#all.filter(({ name }) => name.startsWith(`b${place + 1}-`)).length + 1;
    const all = {
      REGISTRY_IDS_FILE: bed.ground.idsFile,
      ...bed.hosts.env,
      ...this.#options.settings,
      ...settings,
    };
    const given = Object.entries(all).filter((entry): entry is [string, string] => {
      return entry[1] !== null;
    });
    // Its log is written to a file where it is wanted, and not shown.
    const quiet = { passed: true, after: (act: () => unknown) => scope.after(act) };
    const name = `b${place + 1}-${life}`;
    const named = { ...Object.fromEntries(given), BRIDGE_NAME: name };
    const mainFile = this.#options.mainFileOf?.(place, name);
    const bridge = await startBridge(quiet, bed.addressesOf(place), named, mainFile);
    this.#bridges[place] = bridge;
    this.#all.push(bridge);
    return bridge;
  }

  /** Resolves when the bridge at that place is ready; from then on it is scraped. */
  async join(place: number): Promise<void> {
    const bridge = this.at(place);
    await bridge.whenReady(readyMsMax);
    this.watch.add(bridge);
  }

  /** SIGKILL. */
  async kill(place: number): Promise<void> {
    const bridge = this.at(place);
    this.#bridges[place] = null;
    await bridge.process.kill();
  }

  /** A file for each bridge that ever was; answers their folder. */
  async writeLogs(): Promise<string> {
    const { dir } = this.#options.bed;
    for (const { name, output } of this.#all) {
      await writeFile(join(dir, `${name}.log`), output.map((line) => `${line}\n`).join(''));
    }
    return dir;
  }

  /** SIGTERM; rejects unless it ends with 0. */
  async stop(place: number): Promise<void> {
    const bridge = this.at(place);
    await bridge.stop();
    this.#bridges[place] = null;
    this.watch.ended(bridge);
  }
}

/** Kafka may be away at that moment. */
const readyMsMax = 120_000;
