// A service of the image, run as strictly as the restricted Pod Security allows and stricter: as
// nobody, no capability, nothing to write to. It says of itself what any service says.

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Podman } from '#deploy/image/podman.ts';
import { spawnOwned } from '#deploy/local/own-process.ts';
import { BridgeProcess } from '../../integration/bridge-process.ts';

export interface ContainerStart {
  readonly podman: Podman;
  readonly image: string;
  readonly name: string;
  /** What stands behind the image's `node`. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As podman's --volume takes them. */
  readonly volumes?: readonly string[];
  /** As podman's --tmpfs takes them. */
  readonly tmpfs?: readonly string[];
}

export const uid = 65_532;
const memoryMib = 512;
const processesMax = 64;
/** A pod's grace; both services drain within 20 s. */
const graceSeconds = 45;

/** The options of `podman run`, without the image. */
function hardened({ name, env, volumes = [], tmpfs = [] }: ContainerStart): readonly string[] {
  const settings = Object.entries(env).filter(([, value]) => value !== undefined);
  return [
    ...['--name', name, '--network', 'host', '--user', `${uid}:${uid}`],
    // Podman else puts writable folders in memory where programs expect them.
    ...['--read-only', '--read-only-tmpfs=false'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...['--memory', `${memoryMib}m`, '--pids-limit', String(processesMax)],
    ...settings.flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...volumes.flatMap((volume) => ['--volume', volume]),
    ...tmpfs.flatMap((folder) => ['--tmpfs', folder]),
  ];
}

/** To its end; answers what it printed. */
export function runToEnd(start: ContainerStart): Promise<string> {
  const { podman, image, command } = start;
  return podman.run('run', '--rm', ...hardened(start), image, ...command);
}

export async function startContainer(start: ContainerStart): Promise<Container> {
  const { podman, image, name, command } = start;
  const output: string[] = [];
  const news = new EventEmitter();
  const process = await spawnOwned({
    command: podman.command,
    args: ['run', ...hardened(start), image, ...command],
    env: podman.env,
    graceMs: graceSeconds * 1000,
    onLine: (line) => {
      output.push(line);
      news.emit('line');
    },
  });
  return new Container(podman, new BridgeProcess({ name, process, output, news }));
}

export class Container {
  readonly service: BridgeProcess;
  readonly #podman: Podman;

  constructor(podman: Podman, service: BridgeProcess) {
    this.#podman = podman;
    this.service = service;
  }

  /** Fails where the process may do more than it was given. */
  async assertLocked(): Promise<void> {
    const status = await this.#status();
    const ids = Array.from({ length: 4 }, () => uid).join('\t');
    assert.equal(status('Uid'), ids);
    assert.equal(status('Gid'), ids);
    for (const set of ['CapEff', 'CapPrm', 'CapBnd', 'CapAmb']) assert.match(status(set), /^0+$/);
    assert.equal(status('NoNewPrivs'), '1');
    // A filter of system calls.
    assert.equal(status('Seccomp'), '2');
    for (const folder of ['/app', '/app/node_modules', '/tmp', '/']) {
      assert.equal(await this.#writeFault(folder), 'EROFS', folder);
    }
    const limit = await this.#inspect('{{.HostConfig.Memory}}');
    assert.equal(Number(limit), memoryMib * 1024 ** 2);
  }

  /** By the image's Node; rejects where it exits with another code than 0. */
  async evaluate(program: string): Promise<string> {
    const found = await this.#podman.run('exec', this.service.name, 'node', '--eval', program);
    return found.trim();
  }

  async residentMib(): Promise<number> {
    const status = await this.#status();
    return Math.round(Number.parseInt(status('VmRSS'), 10) / 1024);
  }

  /** By the signal that the image names; answers the seconds until the exit, which must be 0. */
  async stop(): Promise<number> {
    const { name, process, output } = this.service;
    const startedAt = performance.now();
    await this.#podman.run('stop', '--time', String(graceSeconds), name);
    const exit = await process.exited;
    const seconds = (performance.now() - startedAt) / 1000;
    const found = { exit, killed: await this.#inspect('{{.State.OOMKilled}}') };
    const wanted = { exit: { code: 0, signal: null }, killed: 'false' };
    assert.deepEqual(found, wanted, output.slice(-20).join('\n'));
    return Number(seconds.toFixed(1));
  }

  /** Of process 1 inside, as this machine sees it. */
  async #status(): Promise<(name: string) => string> {
    const pid = await this.#inspect('{{.State.Pid}}');
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return (name) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(text)?.[1] ?? 'missing';
  }

  #writeFault(folder: string): Promise<string> {
    const program =
      `try { fs.writeFileSync('${folder}/probe', ''); console.log('written') }` +
      ' catch (error) { console.log(error.code) }';
    return this.evaluate(program);
  }

  async #inspect(format: string): Promise<string> {
    const found = await this.#podman.run('inspect', '--format', format, this.service.name);
    return found.trim();
  }
}
