// What compose.yaml starts besides the services: run from the images with the words that stand
// there.

import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Podman } from '#deploy/image/podman.ts';
import type { Addresses } from '#loadtest/demo/addresses.ts';
import type { Scope } from '../../integration/scope.ts';
import { type Container, runToEnd } from './container.ts';

const deploy = fileURLToPath(new URL('../../../deploy', import.meta.url));

interface ComposeService {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly volumes: readonly string[];
  readonly tmpfs: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
}

function composeService(name: string): ComposeService {
  const text = readFileSync(join(deploy, 'compose.yaml'), 'utf8');
  return parse(text, { merge: true }).services[name];
}

export interface ImageRun {
  readonly podman: Podman;
  readonly image: string;
}

/** The rules that Prometheus gets. */
export async function takeOutRules(scope: Scope, { podman, image }: ImageRun): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), 'fleetwire-rules-'));
  scope.after(() => rmSync(out, { recursive: true, force: true }));
  chmodSync(out, 0o777);
  const { command, volumes } = composeService('rules');
  const mounts = volumes.map((volume) => {
    const [from = '', ...rest] = volume.split(':');
    return [from.startsWith('.') ? resolve(deploy, from) : out, ...rest].join(':');
  });
  await runToEnd({ podman, image, name: 'rules', command, env: {}, volumes: mounts });
  assert.deepEqual(
    readdirSync(out).sort(),
    command
      .slice(3)
      .map((name) => `${name}.yaml`)
      .sort(),
  );
}

/** A small fleet that compares what is stored with what it sent; rejects where that differs. */
export async function runFleet(
  { podman, image }: ImageRun,
  { mqttUrl, kafkaBrokers, registryUrl }: Addresses,
): Promise<void> {
  const { entrypoint, tmpfs } = composeService('fleet');
  const here = new Map([
    ['--mqtt-url', mqttUrl],
    ['--kafka', kafkaBrokers],
    ['--registry', registryUrl],
  ]);
  const words = entrypoint.slice(1).map((word) => {
    const [option = '', address] = word.split('=');
    return address === undefined ? word : `${option}=${here.get(option)}`;
  });
  const command = [...words, '--vehicles=50', '--seconds=5', '--period-ms=1000'];
  const said = await runToEnd({ podman, image, name: 'fleet', command, env: {}, tmpfs });
  assert.match(said, /^50 vehicles .*drive for 5 s/m);
}

/** The health check, with the port that the service has here. */
export async function askHealth(container: Container): Promise<void> {
  const { name } = container.service;
  const [word, program, option, text = ''] = composeService(name).healthcheck.test;
  assert.deepEqual([word, program, option], ['CMD', 'node', '--eval']);
  const { ops } = await container.service.logged(/^Starting\.$/);
  await container.evaluate(text.replace('127.0.0.1:9464', new URL(String(ops)).host));
}
