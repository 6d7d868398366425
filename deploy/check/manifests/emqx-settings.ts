// What a setting of EMQX comes to: of v2beta1 from the environment of its pods, which stands above
// the text of the configuration; of v3beta1 from the tree of roots.

import type { Manifest, Tree } from './manifest.ts';

export interface Found {
  /** core, replicant, or all. */
  readonly role: string;
  readonly found: unknown;
}

export function emqxSetting(broker: Manifest, path: string): readonly Found[] {
  const roots = broker.spec.config?.roots;
  const isText = roots === undefined;
  const config = isText ? inText(broker.spec.config?.data ?? '', path) : inTree(roots, path);
  const roles = ['core', 'replicant'].filter(
    (role) => broker.spec[`${role}Template`] !== undefined,
  );
  if (roles.length === 0) return [{ role: 'all', found: config }];
  return roles.map((role) => {
    const env = (broker.spec[`${role}Template`].spec?.env ?? []) as readonly Tree[];
    const own = env.find(({ name }) => name === variableOf(path));
    return { role, found: own?.value ?? config };
  });
}

/** `zones.bridge.mqtt.max_inflight` → `EMQX_ZONES__BRIDGE__MQTT__MAX_INFLIGHT`. */
function variableOf(path: string): string {
  return `EMQX_${path.toUpperCase().replaceAll('.', '__')}`;
}

/** One path, one value a line: so the text is written. */
function inText(text: string, path: string): string | undefined {
  const line = text.split('\n').find((one) => one.trim().startsWith(`${path} =`));
  return line
    ?.slice(line.indexOf('=') + 1)
    .trim()
    .replace(/^"(.*)"$/, '$1');
}

function inTree(roots: Tree, path: string): unknown {
  let value = roots;
  for (const part of path.split('.')) value = value?.[part];
  return value;
}
