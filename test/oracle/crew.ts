// The members of one run and what is done to them. Remembers also those that are gone.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../integration/eventually.ts';
import type { Scope } from '../integration/scope.ts';
import {
  type MemberProcess,
  memberProgram,
  type StopPlace,
  spawnMember,
} from './member-process.ts';

export interface CrewOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly partitionCount: number;
  /** Default: the one of this source. */
  readonly program?: string | undefined;
}

/** Around the return of a member that the group has given up. */
export type OnReturn = (act: () => Promise<void>) => Promise<void>;

/** How long a group may take to share out its partitions anew. */
const rebalanceMsMax = 60_000;

export class Crew {
  readonly members: MemberProcess[] = [];
  readonly #scope: Scope;
  readonly #options: CrewOptions;

  constructor(scope: Scope, options: CrewOptions) {
    this.#scope = scope;
    this.#options = options;
  }

  /** Those that run, in the order in which they came. */
  get present(): readonly MemberProcess[] {
    return this.members.filter(({ process }) => process.isAlive());
  }

  async join(): Promise<MemberProcess> {
    const name = `member-${this.members.length + 1}`;
    const { env, program = memberProgram } = this.#options;
    const member = await spawnMember({ name, env: { ...env, MEMBER_NAME: name }, program });
    this.members.push(member);
    this.#scope.after(async () => {
      await member.process.kill();
      if (!this.#scope.passed) await keepLog(member);
    });
    await member.whenReady();
    return member;
  }

  async leave(member: MemberProcess): Promise<void> {
    await member.scrape();
    const { code } = await member.process.stop();
    assert.equal(code, 0, `${member.name} left with ${code}: ${member.lastLines.join('\n')}`);
  }

  async kill(member: MemberProcess): Promise<void> {
    await member.scrape();
    await member.process.kill();
  }

  /**
   * It stands still with a slice in its hands until the others own everything; then `onReturn` lets
   * it go on, by the act that it is handed.
   */
  async stopPastSession(member: MemberProcess, place: StopPlace, onReturn: OnReturn) {
    await member.stopAt(place);
    await this.whenShared(this.present.filter((one) => one !== member));
    await onReturn(async () => {
      member.goOn();
      await this.whenShared();
    });
  }

  /** Every partition has an owner among them. */
  async whenShared(owners = this.present): Promise<void> {
    const wanted = this.#options.partitionCount;
    const share = `${owners.length} members own ${wanted} partitions`;
    await eventually(
      share,
      async () => {
        await Promise.all(owners.map((member) => member.scrape()));
        assert.equal(sumOf(owners, 'fleetwire_stream_partitions_owned'), wanted);
      },
      rebalanceMsMax,
    );
  }

  /** Over all members, as far as they could be asked before they ended. */
  async total(name: string): Promise<number> {
    await Promise.all(this.members.map((member) => member.scrape()));
    return sumOf(this.members, name);
  }
}

/** Some hundred lines each: too many to be shown. */
async function keepLog(member: MemberProcess): Promise<void> {
  const dir = join(tmpdir(), `fleetwire-oracle-${process.pid}`);
  await mkdir(dir, { recursive: true });
  const path = join(dir, `${member.name}.log`);
  await writeFile(path, member.output.join('\n'));
  process.stderr.write(`  ${member.name}: what it said is in ${path}\n`);
}

function sumOf(members: readonly MemberProcess[], name: string): number {
  return members.reduce((total, member) => total + member.sum(name), 0);
}
