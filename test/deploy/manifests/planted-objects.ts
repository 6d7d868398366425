// Faults of shape, names, references and tuning.yaml, each planted into a good installation.

import type { Planted } from './planted.ts';

export const objectFaults: readonly Planted[] = [
  {
    rule: 'every object fits the strict schema of its kind',
    faults: {
      'a field that nobody knows': ({ get }) => {
        get('ScaledObject', 'state').spec.minReplicas = 2;
      },
      'a text for a number': ({ get }) => {
        get('KafkaTopic', 'vehicle.state.v1').spec.partitions = '96';
      },
      'a missing field': ({ get }) => {
        delete get('Deployment', 'state').spec.selector;
      },
      'a kind that nobody knows': ({ get }) => {
        get('Kafka', 'fleetwire').apiVersion = 'kafka.strimzi.io/v1beta2';
      },
      'a variable twice': ({ get }) => {
        const { env } = get('Deployment', 'bridge').spec.template.spec.containers[0];
        env.push({ ...env[0] });
      },
      'an empty value': ({ get }) => {
        get('Service', 'valkey').spec.selector = null;
      },
    },
  },
  {
    rule: 'names, labels and ports are written as Kubernetes takes them',
    faults: {
      'a long name': ({ get }) => {
        get('Service', 'valkey').metadata.name = 'v'.repeat(64);
      },
      'a capital': ({ get }) => {
        get('Deployment', 'bridge').metadata.name = 'Bridge';
      },
      'a label with a space': ({ get }) => {
        get('Deployment', 'bridge').metadata.labels.owner = 'the platform team';
      },
      'a long name of a port': ({ get }) => {
        const [container] = get('Deployment', 'bridge').spec.template.spec.containers;
        container.ports[0].name = 'operations-and-probes';
      },
    },
  },
  {
    rule: 'selectors find their own pods, and mounts their volumes',
    faults: {
      'another name': ({ get }) => {
        get('Deployment', 'state').spec.selector.matchLabels['app.kubernetes.io/name'] = 'states';
      },
      'spread among others': ({ get }) => {
        const [spread] = get('Deployment', 'state').spec.template.spec.topologySpreadConstraints;
        spread.labelSelector = { matchLabels: { app: 'state' } };
      },
      'a Job that starts for ever': ({ get }) => {
        get('Job', 'release').spec.template.spec.restartPolicy = 'Always';
      },
      'a volume has gone': ({ get }) => {
        get('Deployment', 'state').spec.template.spec.volumes.shift();
      },
    },
  },
  {
    rule: 'nothing is asked for that excludes itself',
    faults: {
      'nobody may go, nobody may come': ({ get }) => {
        const { strategy } = get('Deployment', 'state').spec;
        strategy.rollingUpdate = { maxSurge: 0, maxUnavailable: 0 };
      },
      'both bounds of disruption': ({ get }) => {
        get('PodDisruptionBudget', 'state').spec.minAvailable = 1;
      },
      'replicants of one core': ({ get }) => {
        const broker = get('EMQX', 'emqx');
        broker.apiVersion = 'apps.emqx.io/v3beta1';
        broker.spec.coreTemplate.spec.replicas = 1;
      },
    },
  },
  {
    rule: 'no container requests more than its limit',
    faults: {
      'a gibibyte of half of one': ({ get }) => {
        const [container] = get('Deployment', 'state').spec.template.spec.containers;
        container.resources = { requests: { memory: '1Gi' }, limits: { memory: '512Mi' } };
      },
    },
  },
  {
    rule: 'every Secret, ConfigMap, account, class and issuer that is named exists',
    faults: {
      'another Secret': ({ get }) => {
        const { volumes } = get('Deployment', 'bridge').spec.template.spec;
        const volume = volumes.find((one: { name: string }) => one.name === 'kafka-tls');
        volume.projected.sources[1].secret.name = 'bridges';
      },
      'a key that Strimzi does not write': ({ get }) => {
        get('TriggerAuthentication', 'keda-kafka').spec.secretTargetRef[0].key = 'tls.crt';
      },
      'settings without their hash': ({ get }) => {
        const { envFrom } = get('Deployment', 'state').spec.template.spec.containers[0];
        envFrom[0].configMapRef.name = 'state-config';
      },
      'no such class': ({ get }) => {
        get('Deployment', 'state').spec.template.spec.priorityClassName = 'high';
      },
      'a KafkaUser that has gone': ({ get, objects }) => {
        objects.splice(objects.indexOf(get('KafkaUser', 'keda-lag')), 1);
      },
    },
  },
  {
    rule: 'scalers, roles and Services lead to something that is rendered',
    faults: {
      'a scaler of nothing': ({ get }) => {
        get('ScaledObject', 'bridge').spec.scaleTargetRef.name = 'bridges';
      },
      'a Service of nothing': ({ get }) => {
        get('Service', 'valkey').spec.selector = { app: 'valkey' };
      },
      'a port of nothing': ({ get }) => {
        get('Service', 'valkey').spec.ports[0].targetPort = 'tls';
      },
      'a role of nothing': ({ get }) => {
        get('RoleBinding', 'release').roleRef.name = 'releases';
      },
    },
  },
  {
    rule: 'every object has a name of its own',
    faults: {
      'twice the same': ({ get, objects }) => {
        objects.push(structuredClone(get('ServiceAccount', 'bridge')));
      },
    },
  },
  {
    rule: 'outside dev every image has a digest, and none is called latest',
    faults: {
      'a tag': ({ get }) => {
        get('Deployment', 'state').spec.template.spec.containers[0].image = 'fleetwire:1.2';
      },
      'EMQX by tag': ({ get }) => {
        get('EMQX', 'emqx').spec.image = 'emqx/emqx:5.8.8';
      },
    },
  },
  {
    rule: 'every object of ours carries the labels that people search by',
    faults: {
      'no part-of': ({ get }) => {
        delete get('KafkaTopic', 'vehicle.state.v1').metadata.labels['app.kubernetes.io/part-of'];
      },
      'pods without a name': ({ get }) => {
        const { metadata } = get('Deployment', 'state').spec.template;
        delete metadata.labels['app.kubernetes.io/component'];
      },
    },
  },
  {
    rule: 'no number is left for tuning.yaml to fill',
    faults: {
      'an address': ({ get }) => {
        get('ConfigMap', 'bridge-config').data.MQTT_URL = 'set-by-tuning';
      },
      'a number': ({ get }) => {
        get('KafkaNodePool', 'brokers').spec.replicas = 0;
      },
      'inside a query': ({ get }) => {
        const [trigger] = get('ScaledObject', 'bridge').spec.triggers;
        trigger.metadata.query = `${trigger.metadata.query}\nset-by-tuning`;
      },
    },
  },
  {
    rule: 'no name or address is left that stands for yours',
    faults: {
      'an address of the documentation': (broken) => {
        broken.isShipped = false;
        broken.get('ConfigMap', 'bridge-config').data.MQTT_URL = 'mqtts://mqtt.example.com:8883';
      },
    },
  },
  {
    rule: 'no disk is shared by nodes',
    faults: {
      'a claim of many': ({ get }) => {
        const spec = { accessModes: ['ReadWriteMany'] };
        get('StatefulSet', 'valkey').spec.volumeClaimTemplates = [{ spec }];
      },
    },
  },
  {
    rule: 'Strimzi is asked for nothing older than v1',
    faults: {
      v1beta2: ({ get }) => {
        get('KafkaTopic', 'vehicle.state.v1').apiVersion = 'kafka.strimzi.io/v1beta2';
      },
    },
  },
  {
    rule: 'every PodMonitor finds pods and their port',
    faults: {
      'another port': ({ get }) => {
        get('PodMonitor', 'bridge').spec.podMetricsEndpoints[0].port = 'metrics';
      },
      'nobody selected': ({ get }) => {
        get('PodMonitor', 'emqx').spec.selector = { matchLabels: { app: 'emqx' } };
      },
    },
  },
  {
    rule: 'every pod of ours with figures is scraped exactly once',
    faults: {
      'a monitor has gone': ({ get, objects }) => {
        objects.splice(objects.indexOf(get('PodMonitor', 'state')), 1);
      },
      'twice the same': ({ get, objects }) => {
        objects.push(structuredClone(get('PodMonitor', 'state')));
      },
    },
  },
  {
    rule: 'brokers are scraped too',
    faults: {
      'EMQX is not': ({ get, objects }) => {
        objects.splice(objects.indexOf(get('PodMonitor', 'emqx')), 1);
      },
      'Kafka is by another port': ({ get }) => {
        get('PodMonitor', 'kafka').spec.podMetricsEndpoints[0].port = 'metrics';
      },
    },
  },
  {
    rule: 'every alert has a page in docs/runbooks, a severity and a summary',
    faults: {
      'no such page': ({ objects }) => {
        const rules = objects.filter(({ kind }) => kind === 'PrometheusRule');
        const all = rules.flatMap(({ spec }) =>
          spec.groups.flatMap((group: never) => group['rules']),
        );
        const alert = all.find((rule) => rule.alert !== undefined);
        alert.annotations.runbook_url = 'https://example.org/docs/runbooks/none.md';
      },
    },
  },
  {
    rule: 'every key of tuning.yaml is read, and every key that is read is there',
    faults: {
      'a key that does nothing': ({ tuning }) => {
        tuning.set('state.maxReplica', '12');
      },
      'an input of the plan has gone': ({ tuning }) => {
        tuning.delete('fleet.peakRate');
      },
    },
  },
  {
    rule: 'sizes of brokers and stores are those of tuning.yaml',
    faults: {
      'other brokers': ({ get }) => {
        get('KafkaNodePool', 'brokers').spec.replicas = 7;
      },
      'another memory': ({ get }) => {
        const [container] = get('StatefulSet', 'valkey').spec.template.spec.containers;
        container.resources.limits.memory = '1Gi';
      },
    },
  },
  {
    rule: 'every address in tuning.yaml leads to a Service',
    faults: {
      'another Service': ({ tuning }) => {
        tuning.set('redis.url', 'rediss://redis.fleetwire.svc:6379');
      },
      'another port': ({ tuning }) => {
        tuning.set('mqtt.url', 'mqtts://emqx-bridge.fleetwire.svc:8883');
      },
    },
  },
  {
    rule: 'the way out to each neighbour is open at the port of its address',
    faults: {
      'an external port': ({ tuning }) => {
        tuning.set('kafka.bootstrapServers', 'kafka.example.org:9094');
      },
    },
  },
];
