// What a container is given passes its program's own loader, whose words these faults carry.

import { type Fault, fault } from '../fault.ts';
import { nameOf, type Tree, type Workload, workloadsOf } from '../manifest.ts';
import type { Installation, Rule } from '../rule.ts';
import { envOf, inFolder, isMounted, load, programOf } from '../settings.ts';

export const settingsRules: readonly Rule[] = [
  { promise: 'every service starts with the settings that it is given', check: loads },
  { promise: 'every file that a setting names is mounted', check: files },
  {
    promise: 'partitions, replication and acknowledgements of the release are those of the topics',
    check: release,
  },
  {
    promise: 'the window and the queue that the bridge knows are those of tuning.yaml',
    check: windows,
  },
];

interface Ours {
  readonly workload: Workload;
  readonly container: Tree;
  readonly at: string;
}

function oursOf({ objects }: Installation): readonly Ours[] {
  return workloadsOf(objects).flatMap((workload) =>
    workload.containers
      .filter((container) => programOf(container) !== undefined)
      .map((container) => ({ workload, container, at: nameOf(workload.object) })),
  );
}

function loads(installation: Installation): readonly Fault[] {
  const { objects } = installation;
  return oursOf(installation).flatMap(({ workload, container, at }) => {
    const isFile = isMounted(workload.pod, container, objects);
    const { faults } = load(programOf(container)!, envOf(container, objects), isFile);
    const path = `containers[name=${container.name}].env`;
    return faults.map((text) => fault(at, path, 'settings that its loader takes', text));
  });
}

function files(installation: Installation): readonly Fault[] {
  const { objects } = installation;
  return oursOf(installation).flatMap(({ workload, container, at }) => {
    const isFile = isMounted(workload.pod, container, objects);
    return [...envOf(container, objects)]
      .filter(([name, value]) => {
        if (name.endsWith('_FOLDER')) return value !== '' && !isFile(inFolder(value));
        return name.endsWith('_FILE') && value !== '' && !isFile(value);
      })
      .map(([name, value]) => {
        const found = `${value}, which no volume brings`;
        return fault(at, `containers[name=${container.name}] ${name}`, 'a mounted file', found);
      });
  });
}

const releaseKeys = {
  TOPICS_PARTITIONS: 'kafka.partitions',
  TOPICS_REPLICATION: 'kafka.replication',
  TOPICS_MIN_ISR: 'kafka.minIsr',
} as const;

function release(installation: Installation): readonly Fault[] {
  const { objects } = installation;
  return oursOf(installation)
    .filter(({ container }) => 'topicsPartitions' in programOf(container)!.table)
    .flatMap(({ container, at }) =>
      equal(installation, envOf(container, objects), releaseKeys, at),
    );
}

const bridgeKeys = {
  BRIDGE_WINDOW_FRAMES: 'bridge.windowFrames',
  BRIDGE_BROKER_QUEUE_FRAMES: 'emqx.queueFrames',
  BRIDGE_CONNECTIONS: 'bridge.connections',
} as const;

function windows(installation: Installation): readonly Fault[] {
  const { objects } = installation;
  return oursOf(installation)
    .filter(({ container }) => 'windowFrames' in programOf(container)!.table)
    .flatMap(({ container, at }) => equal(installation, envOf(container, objects), bridgeKeys, at));
}

function equal(
  { tuning }: Installation,
  env: ReadonlyMap<string, string>,
  keys: Readonly<Record<string, string>>,
  at: string,
): readonly Fault[] {
  return Object.entries(keys)
    .filter(([name, key]) => env.get(name) !== tuning.get(key))
    .map(([name, key]) => fault(at, name, `${key}, ${tuning.get(key)}`, env.get(name)));
}
