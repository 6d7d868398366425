// compose.yaml, by reading it: no Docker is needed to see that a service would refuse its settings,
// that a file is not where it is mounted from, or that two numbers have drifted apart.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { findPromtool, runPromtool } from '#deploy/check/rules.ts';
import { MissingPartError } from '#deploy/local/missing.ts';
import { loadBridgeConfig } from '#services/bridge/config.ts';
import {
  checkTopicsApply,
  readTable,
  schemasApplyTable,
  topicsApplyTable,
} from '#services/cli/config.ts';
import { loadStateConfig } from '#services/state/config.ts';
import { wantedConfig } from '#shared/kafka/admin.ts';
import { type Environment, loadConfig } from '#shared/runtime/config.ts';
import { redisSettings } from '#shared/stream/redis-settings.ts';
import { topicSpecs } from '#shared/topics.ts';

const deploy = fileURLToPath(new URL('../../deploy', import.meta.url));
const read = (path: string) => readFileSync(join(deploy, path), 'utf8');

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly profiles?: readonly string[];
  readonly build?: {
    readonly context: string;
    readonly dockerfile: string;
    readonly target: string;
  };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly user?: string;
}

const compose = parse(read('compose.yaml'), { merge: true });
const services = new Map(Object.entries<Service>(compose.services));
const all = [...services];

function service(name: string): Service {
  const found = services.get(name);
  assert.ok(found, `no service ${name}`);
  return found;
}

function environmentOf(name: string): Environment {
  return service(name).environment ?? {};
}

test('is what the Compose Specification allows', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  const validate = ajv.compile(JSON.parse(read('schemas/compose-spec.json')));
  assert.ok(validate(compose), JSON.stringify(validate.errors, null, 1));
  const misspelt = { services: { bridge: { ...service('bridge'), comand: ['x'] } } };
  assert.equal(validate(misspelt), false);
});

test('every service of ours accepts its settings', () => {
  loadBridgeConfig(environmentOf('bridge'));
  loadStateConfig(environmentOf('state'));
  checkTopicsApply(loadConfig(topicsApplyTable, { env: environmentOf('topics') }));
  loadConfig(schemasApplyTable, { env: environmentOf('schemas') });
  loadConfig({ ...readTable, ...redisSettings }, { env: environmentOf('cli') });
});

test('runs every Deployment that there is', () => {
  const rooms = readdirSync(join(deploy, '..', 'services')).filter((name) => name !== 'cli');
  for (const room of rooms) {
    assert.deepEqual(service(room).command, [`services/${room}/main.ts`]);
  }
});

test('programs, build files and everything mounted are there', () => {
  for (const [name, { command = [], entrypoint = [], volumes = [], build }] of all) {
    const programs = [...entrypoint, ...command].filter((word) => word.endsWith('.ts'));
    const mounted = volumes
      .map((volume) => volume.split(':')[0]!)
      .filter((path) => /^\./.test(path));
    const paths = [
      ...programs.map((program) => resolve(deploy, '..', program)),
      ...mounted.map((path) => resolve(deploy, path)),
      ...(build === undefined ? [] : [resolve(deploy, build.context, build.dockerfile)]),
    ];
    for (const path of paths) assert.ok(existsSync(path), `${name}: ${path}`);
    if (build) assert.match(read('Dockerfile'), new RegExp(`^FROM \\S+ AS ${build.target}$`, 'm'));
    const named = volumes.map((volume) => volume.split(':')[0]!).filter((path) => /^\w/.test(path));
    for (const volume of named) assert.ok(volume in compose.volumes, `${name}: ${volume}`);
  }
});

test('our services run as in a cluster: nothing to write to, no capability', () => {
  const ours = all.filter(([, { build }]) => build !== undefined);
  assert.ok(ours.length >= 4);
  for (const [name, { read_only, cap_drop, user }] of ours) {
    assert.deepEqual([read_only, cap_drop], [true, ['ALL']], name);
    assert.equal(user, name === 'rules' ? '0:0' : undefined, name);
  }
});

test('every image has a version of its own, that of the overlay dev where there is one', () => {
  const foreign = all.filter(([, { build }]) => build === undefined);
  for (const [name, { image }] of foreign) {
    assert.match(image, /^[\w.-]+\/[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$/, name);
  }
  const tuning = parse(read('overlays/dev/tuning.yaml')).data;
  assert.equal(service('emqx').image, tuning['images.emqx']);
  assert.equal(service('valkey').image, tuning['images.valkey']);
  const { version } = parse(read('messaging/kafka/kafka.yaml')).spec.kafka;
  assert.match(service('kafka').image, new RegExp(`:${version}@`));
});

test('nothing is reachable from another machine', () => {
  const ports = all.flatMap(([, { ports: own = [] }]) => own);
  assert.ok(ports.length > 0);
  assert.deepEqual(
    ports.filter((port) => !port.startsWith('127.0.0.1:')),
    [],
  );
});

test('whoever waits, waits for what can come true', () => {
  for (const [name, { depends_on = {} }] of all) {
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      const { healthcheck, restart, profiles = [] } = service(needed);
      if (condition === 'service_healthy') assert.ok(healthcheck, `${name} → ${needed}`);
      // What starts again and again never completes.
      else assert.deepEqual([condition, restart], ['service_completed_successfully', undefined]);
      const own = service(name).profiles ?? [];
      assert.ok(
        profiles.every((profile) => own.includes(profile)),
        `${name} → ${needed}`,
      );
    }
  }
});

test('window and queue of the bridge are those of the broker, and of the overlay dev', () => {
  const broker = emqxSettings();
  const { windowFrames, brokerQueueFrames } = loadBridgeConfig(environmentOf('bridge'));
  const tuning = parse(read('overlays/dev/tuning.yaml')).data;
  const zone = (key: string) => broker.get(`zones.bridge.${key}`);
  assert.equal(zone('mqtt.max_inflight'), String(windowFrames));
  assert.equal(zone('mqtt.max_mqueue_len'), String(brokerQueueFrames));
  assert.equal(tuning['bridge.windowFrames'], String(windowFrames));
  assert.equal(tuning['emqx.queueFrames'], String(brokerQueueFrames));
  assert.equal(zone('force_shutdown.max_heap_size'), `"${tuning['emqx.maxHeapSize']}"`);
  assert.equal(zone('force_shutdown.max_mailbox_size'), tuning['emqx.mailboxFrames']);
});

test('cars and bridges have doors of their own, and the broker is found behind them', () => {
  const broker = emqxSettings();
  const port = (door: string) => broker.get(`listeners.tcp.${door}.bind`);
  const { mqttUrl } = loadBridgeConfig(environmentOf('bridge'));
  assert.equal(new URL(mqttUrl).port, port('bridge'));
  assert.deepEqual(
    ['cars', 'bridge'].map((door) => broker.get(`listeners.tcp.${door}.zone`)),
    ['cars', 'bridge'],
  );
  const published = service('emqx').ports?.map((line) => line.split(':').at(-1));
  assert.deepEqual(published, [port('cars'), broker.get('dashboard.listeners.http.bind')]);
  const acl = service('emqx').volumes?.find((volume) => volume.includes('acl.conf'));
  const aclPath = acl?.split(':')[1] ?? '';
  assert.ok(broker.get('authorization.sources')?.includes(`"${aclPath}"`), aclPath);
  assert.match(read('compose/acl.conf').trimEnd(), /\{deny, all\}\.$/);
});

test('the broker deals frames as it does in a cluster', () => {
  const ours = emqxSettings();
  const cluster = settingsOf(read('messaging/emqx/emqx.conf'));
  for (const key of [
    'broker.shared_subscription_group.fleetwire.strategy',
    ...['session_expiry_interval', 'retry_interval', 'max_packet_size'].map(
      (name) => `zones.bridge.mqtt.${name}`,
    ),
    ...['zones.cars.mqtt.max_packet_size', 'authorization.no_match'],
    'authorization.deny_action',
  ]) {
    assert.ok(ours.has(key), key);
    assert.equal(ours.get(key), cluster.get(key), key);
  }
});

function emqxSettings(): ReadonlyMap<string, string> {
  return settingsOf(read('compose/emqx.conf'));
}

/** One path and one value a line: so the text is written. */
function settingsOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, path = '', value = ''] = /^([\w.]+) = (.+)$/.exec(line) ?? [];
      assert.notEqual(path, '', line);
      return [path, value];
    }),
  );
}

test('Kafka takes a record as large as the topics allow', () => {
  const most = topicSpecs.map((spec) => wantedConfig(spec, 1).get('max.message.bytes'));
  assert.deepEqual([...new Set(most)], [environmentOf('kafka')['KAFKA_MESSAGE_MAX_BYTES']]);
});

test('Prometheus understands its settings and the rules that are taken out for it', async (t) => {
  const promtool = promtoolOrSkip(t);
  if (promtool === undefined) return;
  const { command = [] } = service('rules');
  const names = command.slice(3);
  const to = mkdtempSync(join(tmpdir(), 'fleetwire-rules-'));
  t.after(() => rmSync(to, { recursive: true, force: true }));
  const program = join(deploy, 'compose', 'prometheus-rules.ts');
  execFileSync(process.execPath, [program, join(deploy, 'observability/rules'), to, ...names]);
  assert.deepEqual(readdirSync(to).sort(), names.map((name) => `${name}.yaml`).sort());
  const config = join(deploy, 'compose', 'prometheus.yaml');
  for (const args of [
    ['check', 'config', '--syntax-only', config],
    ...names.map((name) => ['check', 'rules', join(to, `${name}.yaml`)]),
  ]) {
    const { isGood, words } = await runPromtool(promtool, args);
    assert.ok(isGood, words);
  }
});

function promtoolOrSkip(t: TestContext): string | undefined {
  try {
    return findPromtool();
  } catch (error) {
    if (!(error instanceof MissingPartError)) throw error;
    t.skip(error.message);
    return undefined;
  }
}

test('Prometheus scrapes every service that has metrics, under the labels of a cluster', () => {
  const { scrape_configs } = parse(read('compose/prometheus.yaml'), { merge: true });
  const jobs = scrape_configs.map(({ job_name }: { job_name: string }) => job_name);
  const rooms = readdirSync(join(deploy, '..', 'services')).filter((name) => name !== 'cli');
  assert.deepEqual(
    jobs,
    [...rooms, 'emqx'].map((name) => `fleetwire/${name}`),
  );
});

test('Grafana finds our dashboards and Prometheus', () => {
  const { volumes = [], environment = {} } = service('grafana');
  const targets = volumes.map((volume) => volume.split(':') as [string, string]);
  const { providers } = parse(read('compose/grafana/dashboards.yaml'));
  const [folder] = targets.find(([, target]) => target === providers[0].options.path) ?? [];
  assert.equal(folder, './observability/dashboards');
  const home = environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? '';
  assert.ok(existsSync(join(deploy, folder, home.split('/').at(-1)!)), home);
  const { datasources } = parse(read('compose/grafana/datasources.yaml'));
  assert.equal(new URL(datasources[0].url).hostname, 'prometheus');
});

test('no password is worth anything', () => {
  const text = ['compose.yaml', 'compose/emqx.conf'].map(read).join('\n');
  const secrets = [...text.matchAll(/^.*(?:PASSWORD|SECRET|TOKEN|cookie)\w*["]?\s*[:=]\s*(.+)$/gm)];
  assert.ok(secrets.length > 0);
  for (const [line, value = ''] of secrets) assert.match(value, /local-only"?$/, line);
});
