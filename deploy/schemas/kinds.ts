// Every kind that an installation may hold: where its schema comes from and under which licence.

export interface SchemaSource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly licence: string;
  readonly from: Origin;
}

/**
 * 'crd': a CustomResourceDefinition of the folder of CRDs, else a JSON schema of that folder named
 * as the CRDs-catalog names them. 'kubernetes': of the folder of Kubernetes schemas.
 */
export type Origin = 'crd' | 'kubernetes' | 'by hand';

const apache = 'Apache-2.0';

export const schemaSources: readonly SchemaSource[] = [
  ...crds('apps.emqx.io/v2beta1', ['EMQX']),
  ...crds('apps.emqx.io/v3beta1', ['EMQX']),
  ...crds('kafka.strimzi.io/v1', ['Kafka', 'KafkaNodePool', 'KafkaTopic', 'KafkaUser']),
  ...crds('registry.apicur.io/v1', ['ApicurioRegistry3']),
  ...crds('keda.sh/v1alpha1', [
    'ScaledObject',
    'TriggerAuthentication',
    'ClusterTriggerAuthentication',
  ]),
  ...crds('monitoring.coreos.com/v1', ['PodMonitor', 'ServiceMonitor', 'PrometheusRule']),
  ...crds('cert-manager.io/v1', ['Certificate']),
  { apiVersion: 'cert-manager.io/v1', kind: 'Issuer', licence: apache, from: 'by hand' },
  ...kubernetes('v1', ['Namespace', 'ConfigMap', 'Secret', 'Service', 'ServiceAccount']),
  ...kubernetes('v1', ['PersistentVolumeClaim']),
  ...kubernetes('apps/v1', ['Deployment', 'StatefulSet']),
  ...kubernetes('batch/v1', ['CronJob', 'Job']),
  ...kubernetes('policy/v1', ['PodDisruptionBudget']),
  ...kubernetes('networking.k8s.io/v1', ['NetworkPolicy']),
  ...kubernetes('rbac.authorization.k8s.io/v1', ['Role', 'RoleBinding']),
  ...kubernetes('scheduling.k8s.io/v1', ['PriorityClass']),
];

function crds(apiVersion: string, kinds: readonly string[]): readonly SchemaSource[] {
  return kinds.map((kind) => ({ apiVersion, kind, licence: apache, from: 'crd' }));
}

function kubernetes(apiVersion: string, kinds: readonly string[]): readonly SchemaSource[] {
  return kinds.map((kind) => ({ apiVersion, kind, licence: apache, from: 'kubernetes' }));
}

export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
}

export function versionOf(apiVersion: string): string {
  return apiVersion.split('/').at(-1)!;
}

/** In this folder: `scaledobject.keda.sh.v1alpha1.json`, `service.v1.json`. */
export function schemaFileOf({ apiVersion, kind }: Pick<SchemaSource, 'apiVersion' | 'kind'>) {
  const parts = [kind.toLowerCase(), groupOf(apiVersion), versionOf(apiVersion), 'json'];
  return parts.filter((part) => part !== '').join('.');
}

/** What the schemas of Kubernetes share, ObjectMeta and PodSpec among it. */
export const definitionsFile = 'kubernetes-definitions.json';

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

export const objectMetaRef = `${definitionsFile}#/$defs/${objectMeta}`;
