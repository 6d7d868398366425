// What KEDA is told: never more replicas than partitions, one trigger per input, thresholds from
// seconds, calm steps, never zero. Each is a cause of outages that others have had.

import { type ProcessorFacts, processors } from '../facts.ts';
import { type Fault, fault } from '../fault.ts';
import { find, type Manifest, nameOf, ofKind, type Tree } from '../manifest.ts';
import type { Installation, Rule } from '../rule.ts';

export const scalingRules: readonly Rule[] = [
  { promise: 'no group has more members than partitions', check: partitions },
  { promise: 'nothing scales below one, outside dev not below two', check: least },
  {
    promise: 'each input of a processor has exactly one trigger, with the names of the code',
    check: triggers,
  },
  {
    promise: 'offsets that are not there count from the earliest, in KEDA as in the consumer',
    check: earliest,
  },
  { promise: 'no trigger has options that exclude each other or hide lag', check: options },
  { promise: 'lag thresholds are the rate of a replica times the delay budget', check: thresholds },
];

export function scaledObjects({ objects }: Installation): readonly Manifest[] {
  return ofKind(objects, 'ScaledObject');
}

export function kafkaTriggers(scaled: Manifest): readonly Tree[] {
  return scaled.spec.triggers.filter((trigger: Tree) => trigger.type === 'kafka');
}

function partitions(installation: Installation): readonly Fault[] {
  const { objects, tuning } = installation;
  return scaledObjects(installation).flatMap((scaled) => {
    if (kafkaTriggers(scaled).length === 0) return [];
    const counts = kafkaTriggers(scaled).map(({ metadata }) => {
      return find(objects, 'KafkaTopic', metadata.topic)?.spec.partitions;
    });
    const own = counts.filter((count) => count !== undefined);
    const most = own.length > 0 ? Math.max(...own) : Number(tuning.get('kafka.partitions'));
    const beside = besideOf(installation, scaled.spec.scaleTargetRef.name);
    const members = scaled.spec.maxReplicaCount + beside;
    const faults: Fault[] = [];
    if (!(members <= most)) {
      const others = beside === 0 ? '' : ` less ${beside} of the canary`;
      const wanted = `at most ${most} partitions${others}: KEDA asks for one too many`;
      const { maxReplicaCount } = scaled.spec;
      faults.push(fault(nameOf(scaled), 'spec.maxReplicaCount', wanted, maxReplicaCount));
    }
    const isEven = kafkaTriggers(scaled).some(
      ({ metadata }) => metadata.ensureEvenDistributionOfPartitions === 'true',
    );
    if (isEven && most % scaled.spec.maxReplicaCount !== 0) {
      const wanted = `a divisor of ${most}: the trigger spreads evenly`;
      const { maxReplicaCount } = scaled.spec;
      faults.push(fault(nameOf(scaled), 'spec.maxReplicaCount', wanted, maxReplicaCount));
    }
    return faults;
  });
}

/** Replicas of other Deployments of the same service: they are members of the same group. */
function besideOf({ objects }: Installation, name: string): number {
  const service = labelOf(find(objects, 'Deployment', name));
  return ofKind(objects, 'Deployment')
    .filter((one) => one.metadata.name !== name && labelOf(one) === service)
    .reduce((sum, { spec }) => sum + (spec.replicas ?? 1), 0);
}

function labelOf(deployment: Manifest | undefined): string | undefined {
  return deployment?.spec.template.metadata?.labels?.['app.kubernetes.io/name'];
}

function least(installation: Installation): readonly Fault[] {
  const least = installation.environment === 'dev' ? 1 : 2;
  return scaledObjects(installation).flatMap((scaled) => {
    const { minReplicaCount: min, maxReplicaCount: max, idleReplicaCount: idle } = scaled.spec;
    const faults: Fault[] = [];
    const at = nameOf(scaled);
    if (!(min >= least)) faults.push(fault(at, 'spec.minReplicaCount', `at least ${least}`, min));
    if (!(max >= min)) faults.push(fault(at, 'spec.maxReplicaCount', `at least ${min}`, max));
    if (idle !== undefined) faults.push(fault(at, 'spec.idleReplicaCount', 'none', idle));
    return faults;
  });
}

function triggers(installation: Installation): readonly Fault[] {
  return Object.entries(processors).flatMap(([name, facts]) => {
    const scaled = find(installation.objects, 'ScaledObject', name);
    if (scaled === undefined) return [fault(`ScaledObject/${name}`, '', 'one', 'none')];
    return [...inputFaults(scaled, facts), ...triggerFaults(installation, scaled, facts)];
  });
}

function inputFaults(scaled: Manifest, { inputs }: ProcessorFacts): readonly Fault[] {
  const at = nameOf(scaled);
  const found: readonly string[] = kafkaTriggers(scaled).map(({ metadata }) => metadata.topic);
  const missing = inputs
    .filter(({ topic }) => found.filter((one) => one === topic).length !== 1)
    .map(({ topic }) => {
      const count = found.filter((one) => one === topic).length;
      return fault(at, `spec.triggers[topic=${topic}]`, 'exactly one trigger', String(count));
    });
  const others = found
    .filter((topic) => !inputs.some((input) => input.topic === topic))
    .map((topic) => fault(at, 'spec.triggers', 'only inputs of the processor', topic));
  return [...missing, ...others];
}

function triggerFaults(
  { objects, tuning }: Installation,
  scaled: Manifest,
  { group }: ProcessorFacts,
): readonly Fault[] {
  const at = nameOf(scaled);
  return kafkaTriggers(scaled).flatMap(({ name, metadata, authenticationRef: ref }) => {
    const faults: Fault[] = [];
    const path = `spec.triggers[name=${name}]`;
    const want = (field: string, wanted: string | undefined) => {
      if (metadata[field] === wanted) return;
      faults.push(fault(at, `${path}.metadata.${field}`, `${wanted}`, metadata[field]));
    };
    want('consumerGroup', group);
    want('bootstrapServers', tuning.get('kafka.bootstrapServers'));
    want('tls', 'enable');
    const login = ref && find(objects, ref.kind ?? 'TriggerAuthentication', ref.name);
    if (login !== undefined) return [...faults, ...loginFaults(login)];
    const wanted = 'a TriggerAuthentication that is rendered';
    return [...faults, fault(at, `${path}.authenticationRef`, wanted, ref?.name ?? 'none')];
  });
}

/** KEDA takes a certificate and its key only together. */
const loginParameters = 'ca, cert, key';

function loginFaults(login: Manifest): readonly Fault[] {
  const found = ((login.spec.secretTargetRef ?? []) as readonly Tree[])
    .map(({ parameter }) => parameter as string)
    .toSorted()
    .join(', ');
  if (found === loginParameters) return [];
  return [fault(nameOf(login), 'spec.secretTargetRef parameters', loginParameters, found)];
}

function earliest(installation: Installation): readonly Fault[] {
  return scaledObjects(installation).flatMap((scaled) =>
    kafkaTriggers(scaled)
      .filter(({ metadata }) => metadata.offsetResetPolicy !== 'earliest')
      .map(({ name, metadata }) => {
        const path = `spec.triggers[name=${name}].metadata.offsetResetPolicy`;
        const found = metadata.offsetResetPolicy ?? 'the default, latest';
        return fault(nameOf(scaled), path, 'earliest', found);
      }),
  );
}

const forbidden: Readonly<Record<string, string>> = {
  allowIdleConsumers: 'false: it takes the cap away',
  excludePersistentLag: 'false: a group that commits slowly looks stuck',
  scaleToZeroOnInvalidOffset: 'false: a broker that is replaced scales in',
  unsafeSsl: 'false',
};

function options(installation: Installation): readonly Fault[] {
  return scaledObjects(installation).flatMap((scaled) =>
    kafkaTriggers(scaled).flatMap(({ name, metadata, metricType = 'AverageValue' }) => {
      const path = `spec.triggers[name=${name}].metadata`;
      if (metricType !== 'AverageValue') {
        const of = `spec.triggers[name=${name}].metricType`;
        return [fault(nameOf(scaled), of, 'AverageValue: lag by replica', metricType)];
      }
      const faults = Object.entries(forbidden)
        .filter(([field]) => metadata[field] === 'true')
        .map(([field, wanted]) => fault(nameOf(scaled), `${path}.${field}`, wanted, 'true'));
      const { ensureEvenDistributionOfPartitions: even, limitToPartitionsWithLag: limit } =
        metadata;
      if (even !== 'true' || limit !== 'true') return faults;
      const wanted = 'not beside ensureEvenDistributionOfPartitions: KEDA refuses both';
      return [...faults, fault(nameOf(scaled), `${path}.limitToPartitionsWithLag`, wanted, 'true')];
    }),
  );
}

/** A threshold by hand may differ by so much from rate times delay. */
const handEdit = 0.1;
/** Backfill may wait ten times as long. */
const backfillFactor = 10;

function thresholds(installation: Installation): readonly Fault[] {
  const { objects, tuning } = installation;
  return Object.entries(processors).flatMap(([name, { inputs }]) => {
    const scaled = find(objects, 'ScaledObject', name);
    if (scaled === undefined) return [];
    const rate = Number(tuning.get(`${name}.ratePerReplica`));
    const live = rate * Number(tuning.get(`${name}.delayBudgetSeconds`));
    return kafkaTriggers(scaled).flatMap(({ name: trigger, metadata }) => {
      const input = inputs.find(({ topic }) => topic === metadata.topic);
      const isBackfill = input?.urgency === 'backfill';
      const wanted = Math.round(isBackfill ? live * backfillFactor : live);
      const found = Number(metadata.lagThreshold);
      if (Math.abs(found - wanted) <= wanted * handEdit) return [];
      const path = `spec.triggers[name=${trigger}].metadata.lagThreshold`;
      const of = `${name}.ratePerReplica × ${name}.delayBudgetSeconds`;
      const text = `${wanted} within 10 %: ${of}${isBackfill ? ` × ${backfillFactor}` : ''}`;
      return [fault(nameOf(scaled), path, text, metadata.lagThreshold)];
    });
  });
}
