// Takes Prometheus's own rules out of the objects of Prometheus Operator. Arguments: the folder of
// the objects, the folder to write to, the names of the files without their ending.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

const [from, to, ...names] = process.argv.slice(2);
if (from === undefined || to === undefined || names.length === 0) {
  throw new Error('Wanted two folders and the names of rule files as arguments.');
}
for (const name of names) {
  const file = `${name}.yaml`;
  const { kind, spec } = parse(readFileSync(join(from, file), 'utf8'));
  if (kind !== 'PrometheusRule') throw new Error(`${file}: wanted a PrometheusRule, found ${kind}`);
  writeFileSync(join(to, file), stringify(spec));
}
