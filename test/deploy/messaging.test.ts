// What the brokers and the store are told agrees with the services, and with itself.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { deployFolder } from '#deploy/check/manifests/repository.ts';
import { bridgeSettings } from '#services/bridge/config.ts';
import { redisSettings } from '#shared/stream/redis-settings.ts';
import { consumerGroups, defaultRoutes } from '#shared/topics.ts';

const kibibyte = 1024;

function read(path: string): string {
  return readFileSync(join(deployFolder, path), 'utf8');
}

const emqxConf = read('messaging/emqx/emqx.conf');
const settingLines = emqxConf.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

/** By path, as JSON. */
const settings = new Map(
  settingLines.map((line) => {
    const at = line.indexOf(' = ');
    return [line.slice(0, at), jsonOf(line.slice(at + 3))] as const;
  }),
);

/** Of the little of HOCON that emqx.conf uses: bare words, and `=` inside of braces. */
function jsonOf(value: string): string {
  const tokens = value.match(/"(?:[^"\\]|\\.)*"|[\w.]+|[[\]{},=]/g) ?? [];
  const json = tokens.map((token) => {
    if (token === '=') return ':';
    const isBare = /^\w/.test(token) && !/^(true|false|\d+)$/.test(token);
    return isBare ? JSON.stringify(token) : token;
  });
  return JSON.stringify(JSON.parse(json.join('')));
}

/** Down to whatever is no mapping. */
function flat(tree: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) {
    return [[path, JSON.stringify(tree)]];
  }
  return Object.entries(tree).flatMap(([name, below]) => {
    return flat(below, path === '' ? name : `${path}.${name}`);
  });
}

/** What emqx.conf leaves to the environment stands in the roots. */
const byTuning: ReadonlySet<string> = new Set([
  'zones.bridge.mqtt.max_inflight',
  'zones.bridge.mqtt.max_mqueue_len',
  'zones.bridge.force_shutdown.max_mailbox_size',
  'zones.bridge.force_shutdown.max_heap_size',
  'listeners.ssl.cars.max_conn_rate',
  'listeners.ssl.cars.max_connections',
]);

test('EMQX is set alike by both of its operators', () => {
  const { roots } = parse(read('components/emqx-operator-3/emqx.yaml')).spec.config;
  const found = flat(roots).filter(([path]) => !byTuning.has(path));
  assert.deepEqual(new Map(found.toSorted()), new Map([...settings].toSorted()));
});

test('both operators give EMQX the same numbers of tuning.yaml', () => {
  const environment = read('messaging/tuning/kustomization.yaml');
  const roots = read('components/emqx-operator-3/kustomization.yaml');
  for (const path of byTuning) {
    const variable = `EMQX_${path.toUpperCase().replaceAll('.', '__')}`;
    assert.ok(environment.includes(`env.[name=${variable}].value`), variable);
    assert.ok(roots.includes(`spec.config.roots.${path}`), path);
  }
});

test('emqx.conf has nothing that the two parsers of it would read in two ways', () => {
  const comments = emqxConf.split('\n').filter((line) => line.startsWith('#'));
  assert.deepEqual(
    comments.filter((line) => /["'`]/.test(line)),
    [],
  );
  assert.deepEqual(
    settingLines.filter((line) => !/^[\w.]+ = \S/.test(line)),
    [],
  );
  assert.equal(settings.size, settingLines.length, 'a path stands there twice');
});

test('the largest payload that a bridge decodes passes EMQX, with its topic', () => {
  const limit = JSON.parse(settings.get('zones.cars.mqtt.max_packet_size')!) as string;
  const bytes = Number(limit.replace('KB', '')) * kibibyte;
  assert.ok(bytes >= Number(bridgeSettings.payloadBytesMax.default) + 2 * kibibyte, limit);
});

const ruleNames = ['presence', 'gb32960_gateway', 'jt808_gateway'];

test('what the broker says of a car no car can say, and each codec has a route by default', () => {
  const acl = read('messaging/emqx/acl.conf');
  const refused = /\{deny, all, publish, \[(.*)\]\}/.exec(acl)?.[1];
  for (const name of ruleNames) {
    const rule = `rule_engine.rules.${name}`;
    assert.equal(settings.get(`${rule}.enable`), `${name === 'presence'}`, name);
    const [{ args }] = JSON.parse(settings.get(`${rule}.actions`)!);
    assert.deepEqual([args.qos, args.retain], [1, false], name);
    const topic = args.topic.replace('$' + '{clientid}', '+');
    assert.ok(refused?.includes(`"${topic}"`), topic);
    assert.ok(
      defaultRoutes.some(({ filter }) => filter === topic),
      topic,
    );
  }
});

test('a car whose name is a filter or several levels has no rights', () => {
  const acl = read('messaging/emqx/acl.conf').replace(/^%.*\n|\n/gm, '');
  const first = /^\{deny, \{username, \{re, "(.*?)"\}\}, all, \["#"\]\}\./.exec(acl);
  assert.ok(first, acl);
  const forbidden = new RegExp(first[1]!);
  for (const name of ['+', '#', 'LSVAU2180N2183294/gb32960', '$SYS', 'a b', 'ü']) {
    assert.ok(forbidden.test(name), name);
  }
  for (const name of ['LSVAU2180N2183294', '013800138000', 'car_1.a:b-c', 'bridge']) {
    assert.ok(!forbidden.test(name), name);
  }
});

test('Valkey gives processors the rights that REDIS_USERNAME asks for, and no others', () => {
  const asked = /`~<group>:\* (.*?)`/.exec(redisSettings.redisUsername.doc)?.[1];
  const line = /^user default (.*)$/m.exec(read('messaging/valkey/valkey.conf'))?.[1];
  const reset = 'on nopass resetchannels resetkeys';
  assert.equal(line, `${reset} ~${consumerGroups.state}:* -@all ${asked}`);
});

const units = { Mi: 2 ** 20, Gi: 2 ** 30, mb: 2 ** 20, gb: 2 ** 30, MB: 2 ** 20 } as const;

function bytesOf(text: string): number {
  const [, number, unit] = /^(\d+)([A-Za-z]+)$/.exec(text)!;
  return Number(number) * units[unit as keyof typeof units];
}

for (const overlay of ['dev', 'prod']) {
  const tuning = parse(read(`overlays/${overlay}/tuning.yaml`)).data as Record<string, string>;

  test(`${overlay}: Valkey is full before its pod is`, () => {
    const full = bytesOf(tuning['valkey.maxMemory']!);
    assert.ok(full <= bytesOf(tuning['valkey.memory']!) * 0.8);
  });

  test(`${overlay}: EMQX has memory for the full queues of all bridges`, () => {
    const isReplicant = tuning['emqx.servingRole'] === 'replicant';
    const nodes = Number(tuning[isReplicant ? 'emqx.replicants' : 'emqx.cores']);
    const memory = bytesOf(tuning[isReplicant ? 'emqx.replicantMemory' : 'emqx.coreMemory']!);
    const links = Number(tuning['bridge.maxReplicas']) * Number(tuning['bridge.connections']);
    assert.ok(nodes * memory > links * bytesOf(tuning['emqx.maxHeapSize']!));
  });
}
