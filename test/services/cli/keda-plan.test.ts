// `fleetwire keda plan`: what it prints and writes, how it ends; and the tuning files of deploy.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { fleetInputs, processorInputs } from '#services/cli/keda/inputs.ts';
import { settingsMarkdown } from '#shared/runtime/config-markdown.ts';
import { runCommand as run } from './run-command.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const overlays = ['dev', 'prod'];

function tuningOf(overlay: string): string {
  return join(root, 'deploy/overlays', overlay, 'tuning.yaml');
}

const folder = mkdtempSync(join(tmpdir(), 'fleetwire-keda-'));
after(() => rmSync(folder, { recursive: true }));

/** A copy of the file of prod, with some of its text replaced. */
function tuningWith(edits: Readonly<Record<string, string>>): string {
  let text = readFileSync(tuningOf('prod'), 'utf8');
  for (const [from, to] of Object.entries(edits)) {
    assert.ok(text.includes(from), from);
    text = text.replace(from, to);
  }
  const path = join(folder, 'tuning.yaml');
  writeFileSync(path, text);
  return path;
}

const flags =
  '--rate 30000 --peak 90000 --per-replica 13300 --delay 90 ' +
  '--partitions 96 --start 15 --rebalance 1';

for (const overlay of overlays) {
  test(`the tuning file of ${overlay} holds exactly the answers of the plan`, async () => {
    const { code, out, err } = await run(`keda plan ${tuningOf(overlay)} --check`);
    assert.deepEqual([code, err], [0, []]);
    assert.match(out.join('\n'), /^25 answers: the file holds them all$/);
  });
}

test('prints each answer with its reason and traps, then what it comes to', async () => {
  const { code, out } = await run(`keda plan ${tuningOf('prod')}`);
  assert.equal(code, 0);
  const text = out.join('\n');
  assert.match(
    text,
    /^state\.lagThreshold: "1197000"\n {4}13,300 records\/s of a replica x 90 s:/m,
  );
  assert.match(text, /^ {2}! KEDA's default of 10 goes from the least to the most replicas/m);
  assert.match(text, /^emqx: headroom at the peak +29\.2 {2}s$/m);
  assert.match(out.at(-1)!, /^25 answers: the file holds them all$/);
  assert.ok(out.every((line) => line.length <= 100));
});

test('--check ends with 1 and names each key, what was wanted and what was found', async () => {
  const path = tuningWith({
    'state.maxReplicas: "12"': 'state.maxReplicas: "97"',
    '  emqx.queueFrames: "360000"\n': '',
  });
  const { code, out, err } = await run(`keda plan ${path} --check`);
  assert.deepEqual([code, out], [1, []]);
  assert.deepEqual(err, [
    `fleetwire: ${path}: state.maxReplicas: want "12", found "97"`,
    `fleetwire: ${path}: emqx.queueFrames: want "360000", found nothing`,
    `fleetwire: ${path}: run \`fleetwire keda plan ${path} --write\``,
  ]);
});

test('without --check it says what differs and ends with 0', async () => {
  const path = tuningWith({ 'kafka.partitions: "96"': 'kafka.partitions: "90"' });
  const { code, out } = await run(`keda plan ${path}`);
  assert.equal(code, 0);
  assert.ok(out.includes('state.maxReplicas: "10"   now "12"'));
  assert.equal(out.at(-1), '25 answers, of which the file lacks 1; --write puts them there');
});

test('--write changes the answers and nothing else, and then --check is content', async () => {
  const path = tuningWith({ 'kafka.partitions: "96"': 'kafka.partitions: "90"' });
  const before = readFileSync(path, 'utf8');
  const { code, out } = await run(`keda plan ${path} --write`);
  assert.deepEqual([code, out], [0, ['state.maxReplicas: "12" -> "10"', '25 answers: 1 changed']]);
  const now = readFileSync(path, 'utf8');
  assert.equal(now, before.replace('state.maxReplicas: "12"', 'state.maxReplicas: "10"'));
  assert.equal((await run(`keda plan ${path} --check`)).code, 0);
  assert.deepEqual((await run(`keda plan ${path} --write`)).out, ['25 answers: 0 changed']);
});

test('--json has answers with reasons, traps and what the file holds, and the figures', async () => {
  const path = tuningWith({ 'state.maxReplicas: "12"': 'state.maxReplicas: "11"' });
  const { code, out } = await run(`keda plan ${path} --json`);
  assert.deepEqual([code, out.length], [0, 1]);
  const { answers, figures } = JSON.parse(out[0]!);
  const max = answers.find(({ key }: { key: string }) => key === 'state.maxReplicas');
  assert.deepEqual([max.value, max.found, max.traps.length], ['12', '11', 3]);
  assert.ok(figures.some(({ name }: { name: string }) => name === 'emqx: headroom at the peak'));
});

test('a file with bad inputs ends with 78 and lists every fault, also what does not fit', async () => {
  const path = tuningWith({
    'fleet.baseRate: "30000"': 'fleet.baseRate: "many"',
    '  bridge.connections: "4"\n': '',
    'state.delayBudgetSeconds: "90"': 'state.delayBudgetSeconds: "0"',
  });
  const bad = await run(`keda plan ${path}`);
  assert.deepEqual([bad.code, bad.out], [78, []]);
  const text = bad.err.join('\n');
  assert.match(text, /has 3 faults/);
  assert.match(text, /fleet\.baseRate="many": want an integer 1\.\.100000000 \(frames\/s\)/);
  assert.match(text, /bridge\.connections is not set: want an integer 1\.\.16 \(connections\)/);
  assert.match(text, /state\.delayBudgetSeconds="0": want seconds 1\.\.86400/);

  const narrow = tuningWith({
    'fleet.peakRate: "90000"': 'fleet.peakRate: "29000"',
    'state.delayBudgetSeconds: "90"': 'state.delayBudgetSeconds: "62"',
  });
  const before = readFileSync(narrow, 'utf8');
  const unfit = await run(`keda plan ${narrow} --write`);
  assert.equal(readFileSync(narrow, 'utf8'), before);
  assert.equal(unfit.code, 78);
  assert.match(unfit.err.join('\n'), /has 2 faults/);
  assert.match(unfit.err.join('\n'), /state\.delayBudgetSeconds="62": .* allow at least 63 s/);
  assert.match(unfit.err.join('\n'), /fleet\.peakRate="29000": want at least the base rate/);
});

test('a file that is not there or is no tuning file says so', async () => {
  const away = await run('keda plan nowhere.yaml');
  assert.equal(away.code, 1);
  assert.match(away.err.join('\n'), /nowhere\.yaml: want a readable tuning file, found ENOENT/);
  const other = await run(`keda plan ${join(root, 'package.json')}`);
  assert.equal(other.code, 78);
  assert.match(other.err.join('\n'), /want a ConfigMap with data/);
});

test('options describe one processor and give a fragment to be pasted', async () => {
  const { code, out } = await run(`keda plan ${flags}`);
  assert.equal(code, 0);
  assert.ok(out.includes('processor.lagThreshold: "1197000"'));
  const at = out.indexOf('In the spec of the ScaledObject:');
  const spec = parse(out.slice(at + 1).join('\n'));
  assert.deepEqual(
    [spec.minReplicaCount, spec.maxReplicaCount, spec.fallback.replicas],
    [4, 12, 7],
  );
  const { scaleUp, scaleDown } = spec.advanced.horizontalPodAutoscalerConfig.behavior;
  assert.deepEqual(scaleUp.policies, [{ type: 'Percent', value: 100, periodSeconds: 60 }]);
  assert.deepEqual([scaleDown.selectPolicy, scaleDown.stabilizationWindowSeconds], ['Min', 600]);
  assert.deepEqual(
    spec.triggers.map(({ metadata }: { metadata: object }) => Object.values(metadata).slice(-2)),
    [
      ['1197000', 'earliest'],
      ['11970000', 'earliest'],
    ],
  );
  const json = await run(`keda plan ${flags} --least 6 --json`);
  assert.match(JSON.parse(json.out[0]!).scaledObject, /^minReplicaCount: 6$/m);
});

test('wrong use ends with 2 and says all that was wanted', async () => {
  const wrong: readonly [line: string, wanted: RegExp][] = [
    ['', /want a file or --rate and the others, found none/],
    [`${tuningOf('dev')} --rate 5 --least 1`, /want a file or --rate --least, found both/],
    [`${flags} --check`, /want a file for --check and --write/],
    [`${tuningOf('dev')} --check --write`, /want --check or --write, found both/],
    [
      '--rate many',
      /--rate="many": want an integer[\s\S]*--peak is not set[\s\S]*--rebalance is not set/,
    ],
    [`${flags} --delay 62`, /--delay="62": want more than 62 s.*allow at least 63 s/],
    [`${flags} --peak 9000000`, /--peak="9000000": want at most 1,276,800\/s/],
    ['--chips 5', /unknown option '--chips'/],
  ];
  for (const [line, wanted] of wrong) {
    const { code, out, err } = await run(`keda plan ${line}`);
    assert.deepEqual([code, out], [2, []], line);
    assert.match(err.join('\n'), wanted);
  }
});

test('the README shows the inputs', () => {
  const readme = readFileSync(join(root, 'services/cli/README.md'), 'utf8');
  const table = settingsMarkdown({ ...fleetInputs, ...processorInputs('state') });
  assert.ok(readme.includes(table), table);
});
