// The MQTT broker and the bridges agree: same window, same queue, same group, and nobody but a
// bridge hears the cars.

import { shareName } from '#shared/topics.ts';
import { emqxSetting } from '../emqx-settings.ts';
import { type Fault, fault } from '../fault.ts';
import { type Manifest, nameOf, ofKind, type Tree } from '../manifest.ts';
import type { Installation, Rule } from '../rule.ts';
import { isMounted } from '../settings.ts';

export const emqxRules: readonly Rule[] = [
  {
    promise: 'the broker’s window, queue and heap for a bridge are those of tuning.yaml',
    check: zone,
  },
  { promise: 'the broker sends one car’s frames to one bridge', check: group },
  { promise: 'the Services of the broker lead to nodes that are there', check: serving },
  { promise: 'every file that the broker’s settings name is mounted', check: files },
  { promise: 'the Services of the broker lead to its listeners', check: ports },
  { promise: 'more than one node of EMQX from 5.9 on has a licence', check: licence },
  { promise: 'an EMQX that can evacuate does so at a set rate', check: evacuation },
  { promise: 'listeners ask for certificates, and the right authority’s', check: listeners },
  {
    promise: 'nobody but a bridge hears the cars, and a car speaks for itself alone',
    check: rights,
  },
];

/** Services lead to cores or replicants, and there are some of them. */
function serving(installation: Installation): readonly Fault[] {
  return brokers(installation).flatMap((broker) =>
    ofKind(installation.objects, 'Service')
      .filter(({ spec }) => spec.selector?.['apps.emqx.io/instance'] === broker.metadata.name)
      .flatMap((service) => {
        const role = service.spec.selector['apps.emqx.io/db-role'] ?? 'core';
        const replicas = broker.spec[`${role}Template`]?.spec?.replicas ?? 0;
        const isScaled = role === 'replicant' && hasScaler(installation.objects, broker);
        if (replicas > 0 || isScaled) return [];
        const path = 'spec.selector.[apps.emqx.io/db-role]';
        return [fault(nameOf(service), path, 'a role that has nodes', `${role}, which has none`)];
      }),
  );
}

function hasScaler(objects: readonly Manifest[], broker: Manifest): boolean {
  return ofKind(objects, 'ScaledObject').some(({ spec }) => {
    const { kind, name } = spec.scaleTargetRef;
    return kind === 'EMQX' && name === broker.metadata.name && spec.minReplicaCount > 0;
  });
}

const fileSettings = ['cars', 'bridge'].flatMap((name) =>
  ['certfile', 'keyfile', 'cacertfile'].map((file) => `listeners.ssl.${name}.ssl_options.${file}`),
);

function files(installation: Installation): readonly Fault[] {
  return brokers(installation).flatMap((broker) =>
    ['coreTemplate', 'replicantTemplate'].flatMap((name) => {
      const spec = broker.spec[name]?.spec;
      if (spec === undefined) return [];
      const { extraVolumeMounts: volumeMounts, extraVolumes: volumes } = spec;
      const isFile = isMounted({ volumes }, { volumeMounts }, installation.objects);
      return fileSettings.flatMap((path) =>
        emqxSetting(broker, path)
          .slice(0, 1)
          .filter(({ found }) => !isFile(String(found)))
          .map(({ found }) => fault(nameOf(broker), `${name} ${path}`, 'a mounted file', found)),
      );
    }),
  );
}

function ports(installation: Installation): readonly Fault[] {
  return brokers(installation).flatMap((broker) =>
    ['cars', 'bridge'].flatMap((name) => {
      const port = Number(emqxSetting(broker, `listeners.ssl.${name}.bind`)[0]?.found);
      const isServed = ofKind(installation.objects, 'Service').some(
        ({ metadata, spec }) =>
          metadata.name === `${broker.metadata.name}-${name}` &&
          spec.ports.some((one: Tree) => (one.targetPort ?? one.port) === port),
      );
      if (isServed) return [];
      const at = `Service/${broker.metadata.name}-${name}`;
      return [fault(at, 'spec.ports', `the listener's port, ${port}`, 'no such Service or port')];
    }),
  );
}

/** Where a scaler owns their number, its least. */
function nodesOf({ objects }: Installation, broker: Manifest, role: string): number {
  const template = broker.spec[`${role}Template`];
  if (template === undefined) return role === 'core' ? 1 : 0;
  const scaled = ofKind(objects, 'ScaledObject').find(
    ({ spec }) => spec.scaleTargetRef.kind === 'EMQX' && role === 'replicant',
  );
  return template.spec?.replicas ?? scaled?.spec.minReplicaCount ?? 0;
}

function licence(installation: Installation): readonly Fault[] {
  return brokers(installation).flatMap((broker) => {
    if (broker.apiVersion !== 'apps.emqx.io/v3beta1') return [];
    const nodes =
      nodesOf(installation, broker, 'core') + nodesOf(installation, broker, 'replicant');
    const key: unknown = broker.spec.config?.roots?.license?.key;
    if (nodes <= 1 || key !== undefined) return [];
    const wanted = 'a licence for more than one node: components/emqx-operator-3/cluster';
    return [fault(nameOf(broker), 'spec.config.roots.license.key', wanted, `${nodes} nodes`)];
  });
}

const rates = ['connectionEvictionRate', 'sessionEvictionRate'];

/** The open core cannot; nor does Operator 2.2 read these names. */
function evacuation(installation: Installation): readonly Fault[] {
  return brokers(installation).flatMap((broker) => {
    if (broker.apiVersion !== 'apps.emqx.io/v3beta1') return [];
    const strategy = broker.spec.updateStrategy?.evacuationStrategy ?? {};
    const path = 'spec.updateStrategy.evacuationStrategy';
    return rates
      .filter((name) => !(strategy[name] > 0))
      .map((name) => fault(nameOf(broker), `${path}.${name}`, 'a rate', strategy[name]));
  });
}

const zoneKeys: Readonly<Record<string, string>> = {
  'zones.bridge.mqtt.max_inflight': 'bridge.windowFrames',
  'zones.bridge.mqtt.max_mqueue_len': 'emqx.queueFrames',
  'zones.bridge.force_shutdown.max_heap_size': 'emqx.maxHeapSize',
  'zones.bridge.force_shutdown.max_mailbox_size': 'emqx.mailboxFrames',
  'listeners.ssl.cars.max_conn_rate': 'emqx.connectionRate',
  'listeners.ssl.cars.max_connections': 'emqx.connectionsMax',
};

function brokers({ objects }: Installation): readonly Manifest[] {
  return ofKind(objects, 'EMQX');
}

interface Wanted {
  readonly path: string;
  readonly value: unknown;
}

function differing(broker: Manifest, { path, value }: Wanted): readonly Fault[] {
  return emqxSetting(broker, path)
    .filter(({ found }) => String(found) !== String(value))
    .map(({ role, found }) => fault(nameOf(broker), `${role} ${path}`, String(value), found));
}

function zone(installation: Installation): readonly Fault[] {
  return brokers(installation).flatMap((broker) =>
    Object.entries(zoneKeys).flatMap(([path, key]) =>
      differing(broker, { path, value: installation.tuning.get(key) }),
    ),
  );
}

function group(installation: Installation): readonly Fault[] {
  const path = `broker.shared_subscription_group.${shareName}.strategy`;
  return brokers(installation).flatMap((broker) => [
    ...differing(broker, { path, value: 'hash_topic' }),
    // A dead bridge's frames go to the others at once.
    ...differing(broker, { path: 'zones.bridge.mqtt.session_expiry_interval', value: '0s' }),
  ]);
}

const listenerSettings: readonly Wanted[] = [
  { path: 'listeners.ssl.cars.zone', value: 'cars' },
  { path: 'listeners.ssl.cars.ssl_options.verify', value: 'verify_peer' },
  { path: 'listeners.ssl.cars.ssl_options.fail_if_no_peer_cert', value: true },
  { path: 'listeners.ssl.bridge.zone', value: 'bridge' },
  { path: 'listeners.ssl.bridge.ssl_options.verify', value: 'verify_peer' },
  { path: 'listeners.ssl.bridge.ssl_options.fail_if_no_peer_cert', value: true },
  { path: 'zones.cars.mqtt.peer_cert_as_username', value: 'cn' },
  { path: 'zones.cars.mqtt.peer_cert_as_clientid', value: 'cn' },
  { path: 'zones.bridge.mqtt.peer_cert_as_username', value: 'cn' },
  { path: 'listeners.tcp.default.enable', value: false },
  { path: 'listeners.ws.default.enable', value: false },
  { path: 'authorization.no_match', value: 'deny' },
];

function listeners(installation: Installation): readonly Fault[] {
  return brokers(installation).flatMap((broker) => {
    const faults = listenerSettings.flatMap((wanted) => differing(broker, wanted));
    const authority = (name: string) =>
      emqxSetting(broker, `listeners.ssl.${name}.ssl_options.cacertfile`)[0]?.found;
    if (authority('cars') !== authority('bridge')) return faults;
    const wanted = 'an authority that signs no bridges';
    return [...faults, fault(nameOf(broker), 'listeners.ssl.cars cacertfile', wanted, 'the same')];
  });
}

const ownName = '$' + '{cert_common_name}';
const isCar = '{client_attr,"zone","cars"}';
const isBridge = `{'and',[{username,"bridge"},{client_attr,"zone","bridge"}]}`;

/** Spaces make no difference to Erlang. */
const wantedRights: readonly string[] = [
  `{allow,${isCar},publish,["v1/up/${ownName}/#"]}`,
  `{allow,${isCar},subscribe,["v1/dn/${ownName}/#"]}`,
  `{allow,${isBridge},subscribe,["v1/up/#"]}`,
  `{allow,${isBridge},publish,["v1/dn/#"]}`,
];

function rights(installation: Installation): readonly Fault[] {
  if (brokers(installation).length === 0) return [];
  const map = ofKind(installation.objects, 'ConfigMap').find(({ data }) => data?.['acl.conf']);
  if (map === undefined) return [fault('ConfigMap/emqx-acl', 'data.[acl.conf]', 'it', 'nothing')];
  const rules = rulesIn(map.data!['acl.conf']!);
  const at = nameOf(map);
  const faults = wantedRights
    .filter((rule) => !rules.includes(rule))
    .map((rule) => fault(at, 'acl.conf', rule, 'no such rule'));
  const others = rules
    .filter((rule) => rule.startsWith('{allow') && !wantedRights.includes(rule))
    .map((rule) => fault(at, 'acl.conf', 'no other right', rule));
  const last = rules.at(-1);
  const end = last === '{deny,all}' ? [] : [fault(at, 'acl.conf', '{deny, all} as last', last)];
  return [...faults, ...others, ...end];
}

function rulesIn(text: string): readonly string[] {
  const bare = text.replace(/^\s*%.*$/gm, '').replace(/\s+/g, '');
  return bare.split(/(?<=\})\.(?=\{|$)/).filter((rule) => rule !== '');
}
