// The members of one run and what is done to them. Remembers also those that are gone.

import assert from 'node:assert/strict';
import { eventually } from '../integration/eventually.ts';
import type { Scope } from '../integration/scope.ts';
import { type MemberProcess, type StopPlace, spawnMember } from './member-process.ts';

export interface CrewOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly partitionCount: number;
}

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
    const member = await spawnMember(name, { ...this.#options.env, MEMBER_NAME: name });
    this.members.push(member);
    this.#scope.after(async () => {
      await member.process.kill();
      if (this.#scope.passed) return;
      process.stderr.write(member.lastLines.map((line) => `  ${name}: ${line}\n`).join(''));
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
   * It stands still with a slice in its hands until the others own everything, then goes on; answers
   * how many of its writes were fenced.
   */
  async stopPastSession(member: MemberProcess, place: StopPlace): Promise<number> {
    const before = await this.#fencedOf(member);
    await member.stopAt(place);
    const others = this.present.filter((one) => one !== member);
    await this.whenShared(others);
    member.goOn();
    return eventually(`${member.name} is fenced`, async () => {
      const fenced = (await this.#fencedOf(member)) - before;
      assert.ok(fenced > 0, 'it was not');
      return fenced;
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

  async #fencedOf(member: MemberProcess): Promise<number> {
    await member.scrape();
    return member.sum('fleetwire_stream_fenced_writes_total');
  }
}

function sumOf(members: readonly MemberProcess[], name: string): number {
  return members.reduce((total, member) => total + member.sum(name), 0);
}
