// The folder of public keys: `<vehicleId>.pem` for one vehicle, `prefix.<beginning>.pem` for all
// whose id begins so (a model, by the first digits of its VINs), `default.pem` for all others.

import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SignatureKeys } from './check.ts';
import { KeyFault, type PublicKey, readPublicKeys } from './public-key.ts';

/** A file that is no key. */
export interface KeyFileFault {
  readonly file: string;
  /** What was wanted and what was found. */
  readonly text: string;
}

export interface KeyFolderChange {
  /** Files, new ones among them. */
  readonly changedCount: number;
  readonly removedCount: number;
  /** That were not there at the look before. What these files held before stays in use. */
  readonly faults: readonly KeyFileFault[];
}

/** Each 1 KiB of memory and 20 µs of CPU a look: 2 s for all of them. */
const filesMax = 100_000;
const fileBytesMax = 65_536;

export class KeyFolder implements SignatureKeys {
  readonly #path: string;
  readonly #files = new Map<string, KeyFile>();
  /** Lengths of the beginnings that have keys, longest first. */
  #prefixLengths: readonly number[] = [];
  /** Texts by file: the same fault is news once. */
  #knownFaults = new Map<string, string>();

  /** Reads nothing yet. */
  constructor(path: string) {
    this.#path = path;
  }

  get fileCount(): number {
    return this.#files.size;
  }

  /** The file of the vehicle, else that of the longest beginning, else the default. */
  keysOf(vehicleId: string): readonly PublicKey[] {
    const own = this.#files.get(`${vehicleId}.pem`);
    if (own !== undefined) return own.keys;
    for (const length of this.#prefixLengths) {
      const file = this.#files.get(`${prefixMark}${vehicleId.slice(0, length)}.pem`);
      if (file !== undefined) return file.keys;
    }
    return this.#files.get(defaultFile)?.keys ?? [];
  }

  /** All files, at start: 80 µs each. Empty when every one is good. */
  load(): readonly KeyFileFault[] {
    const faults: KeyFileFault[] = [];
    const names = this.#names(faults);
    for (const name of names) this.#take(name, faults);
    this.#notePrefixes();
    return this.#newOf(faults);
  }

  /** Looks whether files came, went or changed; never throws. */
  async refresh(): Promise<KeyFolderChange> {
    const faults: KeyFileFault[] = [];
    let changedCount = 0;
    let removedCount = 0;
    const names = new Set(this.#names(faults));
    for (const name of names) {
      const found = await stat(join(this.#path, name)).catch(() => null);
      if (found === null || markOf(found) === this.#files.get(name)?.mark) continue;
      if (this.#take(name, faults)) changedCount += 1;
    }
    // A folder that cannot be read is a fault, not one without keys.
    const isRead = faults.every(({ file }) => file !== this.#path);
    for (const name of isRead ? [...this.#files.keys()] : []) {
      if (names.has(name)) continue;
      this.#files.delete(name);
      removedCount += 1;
    }
    this.#notePrefixes();
    return { changedCount, removedCount, faults: this.#newOf(faults) };
  }

  #names(faults: KeyFileFault[]): readonly string[] {
    const names = namesIn(this.#path, faults);
    const good = names.filter((name) => name.endsWith('.pem'));
    for (const name of names) {
      if (!name.endsWith('.pem')) faults.push({ file: name, text: wantedName });
    }
    if (good.length <= filesMax) return good;
    const text = `want at most ${filesMax} key files, found ${good.length}`;
    faults.push({ file: this.#path, text });
    return good.slice(0, filesMax);
  }

  /** True when the file is good. */
  #take(name: string, faults: KeyFileFault[]): boolean {
    const path = join(this.#path, name);
    try {
      // Looked at before it is read: what is written in between is then found by the next look.
      const found = statSync(path);
      if (found.size > fileBytesMax) {
        throw new KeyFault(`want at most ${fileBytesMax} bytes, found ${found.size}`);
      }
      this.#files.set(name, {
        mark: markOf(found),
        keys: readPublicKeys(readFileSync(path, 'utf8')),
      });
      return true;
    } catch (error) {
      faults.push({ file: name, text: messageOf(error) });
      return false;
    }
  }

  #newOf(faults: readonly KeyFileFault[]): readonly KeyFileFault[] {
    const known = this.#knownFaults;
    this.#knownFaults = new Map(faults.map(({ file, text }) => [file, text]));
    return faults.filter(({ file, text }) => known.get(file) !== text);
  }

  #notePrefixes(): void {
    const lengths = new Set<number>();
    for (const name of this.#files.keys()) {
      if (name.startsWith(prefixMark)) {
        lengths.add(name.length - prefixMark.length - '.pem'.length);
      }
    }
    this.#prefixLengths = [...lengths].sort((a, b) => b - a);
  }
}

interface KeyFile {
  /** What tells this state of the file from another. */
  readonly mark: string;
  readonly keys: readonly PublicKey[];
}

const prefixMark = 'prefix.';
const defaultFile = 'default.pem';
const wantedName = 'want <vehicleId>.pem, prefix.<beginning of ids>.pem or default.pem';

/** Hidden names are how Kubernetes exchanges a mounted Secret (`..data`). */
function namesIn(path: string, faults: KeyFileFault[]): readonly string[] {
  try {
    return readdirSync(path).filter((name) => !name.startsWith('.'));
  } catch (error) {
    faults.push({ file: path, text: `want a folder that can be read, found ${messageOf(error)}` });
    return [];
  }
}

function markOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
