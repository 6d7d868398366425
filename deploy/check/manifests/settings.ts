// The environment that a container gets, and its program's own loader over it: what a pod would say
// at its start is said here.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '#deploy/local/certificates.ts';
import { commandPrograms, type Program, servicePrograms, toolboxProgram } from './facts.ts';
import { find, type Manifest, type Tree, type Workload } from './manifest.ts';

export type ContainerEnv = ReadonlyMap<string, string>;

/** Stands for what only the cluster knows: Secrets, field references. */
export const standIn = 'stand-in';

/** `env` over `envFrom`, as the kubelet merges them. */
export function envOf(container: Tree, objects: readonly Manifest[]): ContainerEnv {
  const env = new Map<string, string>();
  for (const { configMapRef } of container.envFrom ?? []) {
    if (configMapRef === undefined) continue;
    const data = find(objects, 'ConfigMap', configMapRef.name)?.data ?? {};
    for (const [name, value] of Object.entries(data)) env.set(name, value);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    env.set(name, valueFrom === undefined ? (value ?? '') : fromElsewhere(valueFrom, objects));
  }
  return env;
}

function fromElsewhere({ configMapKeyRef: ref }: Tree, objects: readonly Manifest[]): string {
  if (ref === undefined) return standIn;
  return find(objects, 'ConfigMap', ref.name)?.data?.[ref.key] ?? standIn;
}

/** The program that a container of ours runs; undefined for those of others. */
export function programOf(container: Tree): Program | undefined {
  if (container.name === 'toolbox') return toolboxProgram;
  const words: readonly string[] = [...(container.command ?? []), ...(container.args ?? [])];
  const service = /^services\/(\w+)\/main\.ts$/;
  const name = words.map((word) => service.exec(word)?.[1]).find((found) => found !== undefined);
  if (name === undefined) return undefined;
  if (name !== 'cli') return servicePrograms[name];
  const line = words.join(' ');
  const command = Object.keys(commandPrograms).find((one) => line.includes(one));
  return command === undefined ? undefined : commandPrograms[command];
}

/** Names that are Node's or the shell's and no settings. */
const foreignNames: ReadonlySet<string> = new Set(['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'TZ']);

export interface Loaded {
  readonly config: unknown;
  readonly faults: readonly string[];
}

/** Files are replaced by real PEM files, since the loaders look at them. */
export function load(program: Program, env: ContainerEnv, isFile: (path: string) => boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'fleetwire-settings-'));
  try {
    const config = program.load(withFiles(env, folder, isFile));
    return { config, faults: unknownNames(program, env) };
  } catch (error) {
    const faults = (error as { faults?: readonly { text: string }[] }).faults;
    if (faults === undefined) throw error;
    const texts = faults.map(({ text }) => text.replaceAll(`${folder}/`, ''));
    return { config: undefined, faults: [...texts, ...unknownNames(program, env)] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The loader lets pass what has no prefix of its own; a pod of ours has no reason for it. */
function unknownNames({ table }: Program, env: ContainerEnv): readonly string[] {
  const names = Object.values(table).flatMap(({ name }) => [name, `${name}_FILE`]);
  const prefixes = new Set(names.map((name) => name.split('_')[0]));
  return [...env.keys()]
    .filter((name) => !foreignNames.has(name) && !prefixes.has(name.split('_')[0]))
    .map((name) => `${name} is not a setting here`);
}

const authority = createAuthority('stand-in');
const identity = authority.issue('stand-in');

function withFiles(env: ContainerEnv, folder: string, isFile: (path: string) => boolean) {
  const result: Record<string, string> = {};
  for (const [name, value] of env) {
    if (/_FOLDER$/.test(name) && isFile(inFolder(value))) result[name] = folder;
    else if (!/_FILE$/.test(name) || !value.startsWith('/') || !isFile(value)) result[name] = value;
    else result[name] = standInFile(join(folder, value.replaceAll('/', '_')), value);
  }
  return result;
}

/** A folder is there where a file in it would be. */
export function inFolder(path: string): string {
  return `${path}/any`;
}

function standInFile(path: string, original: string): string {
  const isKey = /\.key$/.test(original);
  const isCa = /ca\.crt$/.test(original);
  writeFileSync(path, isKey ? identity.keyPem : isCa ? authority.certPem : identity.certPem);
  return path;
}

/** The configuration as the service will have it; undefined when it would refuse to start. */
export function loadedConfig(
  workload: Workload,
  container: Tree,
  objects: readonly Manifest[],
): unknown {
  const program = programOf(container);
  if (program === undefined) return undefined;
  return load(program, envOf(container, objects), isMounted(workload.pod, container, objects))
    .config;
}

/** Whether a volume of the container brings a file to this path, as far as its keys are known. */
export function isMounted(pod: Tree, container: Tree, objects: readonly Manifest[]) {
  return (path: string): boolean =>
    (container.volumeMounts ?? []).some(({ name, mountPath, subPath }: Tree) => {
      if (subPath !== undefined) return path === mountPath;
      if (!path.startsWith(`${mountPath}/`)) return false;
      const volume = (pod.volumes ?? []).find((one: Tree) => one.name === name);
      return hasFile(volume, path.slice(mountPath.length + 1), objects);
    });
}

function hasFile(volume: Tree, file: string, objects: readonly Manifest[]): boolean {
  const sources: readonly Tree[] = volume?.projected?.sources ?? [volume ?? {}];
  return sources.some(({ secret, configMap, emptyDir, persistentVolumeClaim }: Tree) => {
    const source = secret ?? configMap;
    if (source === undefined) return emptyDir !== undefined || persistentVolumeClaim !== undefined;
    if (source.items !== undefined) return source.items.some((item: Tree) => item.path === file);
    const data = configMap && find(objects, 'ConfigMap', configMap.name)?.data;
    return data === undefined || file in data;
  });
}
