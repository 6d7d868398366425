// Whoever has figures is scraped, and whoever is woken by an alert finds a page that tells what to
// do.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, fault } from '../fault.ts';
import { type Manifest, nameOf, ofKind, selects, type Tree, workloadsOf } from '../manifest.ts';
import { operatorPods } from '../operator-pods.ts';
import { repositoryRoot } from '../repository.ts';
import type { Installation, Rule } from '../rule.ts';
import { programOf } from '../settings.ts';

export const monitoringRules: readonly Rule[] = [
  { promise: 'every PodMonitor finds pods and their port', check: monitors },
  { promise: 'every pod of ours with figures is scraped exactly once', check: scraped },
  { promise: 'brokers are scraped too', check: brokersScraped },
  { promise: 'every alert has a page in docs/runbooks, a severity and a summary', check: alerts },
];

interface Pods {
  readonly owner: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
}

function podsOf(objects: readonly Manifest[]): readonly Pods[] {
  const ours = workloadsOf(objects).map(({ object, labels, containers }) => {
    const ports = containers.flatMap((container) => container.ports ?? []);
    return { owner: nameOf(object), labels, ports: ports.map(({ name }: Tree) => name as string) };
  });
  const theirs = operatorPods(objects).map(({ owner, labels, ports }) => {
    return { owner, labels, ports: Object.keys(ports) };
  });
  return [...ours, ...theirs];
}

function monitors({ objects }: Installation): readonly Fault[] {
  const pods = podsOf(objects);
  return ofKind(objects, 'PodMonitor').flatMap((monitor) => {
    const at = nameOf(monitor);
    const selected = pods.filter(({ labels }) => selects(monitor.spec.selector, labels));
    if (selected.length === 0) return [fault(at, 'spec.selector', 'pods', 'none')];
    return monitor.spec.podMetricsEndpoints.flatMap(({ port, path }: Tree) => {
      const of = `spec.podMetricsEndpoints[port=${port}]`;
      const faults: Fault[] = [];
      if (!selected.some(({ ports }) => ports.includes(port))) {
        const found = selected.map(({ owner, ports }) => `${owner} has ${ports.join(', ')}`);
        faults.push(fault(at, `${of}.port`, 'a port of its pods', found.join('; ')));
      }
      if (port === 'ops' && path !== '/metrics') {
        faults.push(fault(at, `${of}.path`, '/metrics', path ?? 'the default'));
      }
      return faults;
    });
  });
}

function scraped({ objects }: Installation): readonly Fault[] {
  const all = ofKind(objects, 'PodMonitor');
  return workloadsOf(objects)
    .filter(({ object }) => object.kind === 'Deployment')
    .filter(({ containers }) => containers.some((one) => programOf(one) !== undefined))
    .flatMap(({ object, labels }) => {
      const by = all.filter(({ spec }) => selects(spec.selector, labels)).map(nameOf);
      if (by.length === 1) return [];
      const found = by.join(', ') || 'none';
      return [fault(nameOf(object), '', 'exactly one PodMonitor that selects it', found)];
    });
}

/** Ports under which operators publish figures. */
const figurePorts = ['dashboard', 'tcp-prometheus'];

function brokersScraped({ objects }: Installation): readonly Fault[] {
  const all = ofKind(objects, 'PodMonitor');
  return operatorPods(objects).flatMap(({ owner, labels, ports }) => {
    const port = figurePorts.find((name) => ports[name] !== undefined);
    if (port === undefined) return [];
    const isScraped = all.some(
      ({ spec }) =>
        selects(spec.selector, labels) &&
        spec.podMetricsEndpoints.some((endpoint: Tree) => endpoint.port === port),
    );
    return isScraped ? [] : [fault(owner, '', `a PodMonitor for its port ${port}`, 'none')];
  });
}

function alerts({ objects }: Installation): readonly Fault[] {
  return ofKind(objects, 'PrometheusRule').flatMap((object) =>
    object.spec.groups.flatMap(({ rules }: Tree) =>
      rules
        .filter((rule: Tree) => rule.alert !== undefined)
        .flatMap((rule: Tree) => alertFaults(nameOf(object), rule)),
    ),
  );
}

function alertFaults(at: string, { alert, labels, annotations = {} }: Tree): readonly Fault[] {
  const faults: Fault[] = [];
  const url: string | undefined = annotations.runbook_url;
  const page = /docs\/runbooks\/([\w-]+\.md)(#.*)?$/.exec(url ?? '')?.[1];
  if (page === undefined) {
    faults.push(fault(at, `${alert} runbook_url`, '…/docs/runbooks/<page>.md', url));
  } else if (!existsSync(join(repositoryRoot, 'docs', 'runbooks', page))) {
    faults.push(fault(at, `${alert} runbook_url`, `docs/runbooks/${page}`, 'no such page'));
  }
  if (labels?.severity === undefined) faults.push(fault(at, `${alert} severity`, 'one', 'none'));
  if (annotations.summary === undefined) faults.push(fault(at, `${alert} summary`, 'one', 'none'));
  return faults;
}
