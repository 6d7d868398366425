// What a machine lacks is said as what was wanted, what was found and one command.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findJava } from '#deploy/local/java.ts';
import { obtain } from '#deploy/local/maven.ts';
import { MissingPartError } from '#deploy/local/missing.ts';
import { obtainProgram } from '#deploy/local/program.ts';

function fakeJava(version: string): string {
  const home = mkdtempSync(join(tmpdir(), 'fleetwire-java-'));
  mkdirSync(join(home, 'bin'));
  const words = `OpenJDK Runtime Environment (build ${version}, mixed)`;
  writeFileSync(join(home, 'bin', 'java'), `#!/bin/sh\necho '${words}' >&2\n`);
  chmodSync(join(home, 'bin', 'java'), 0o755);
  return home;
}

const lacks = (wanted: RegExp, found: RegExp, command: RegExp) => (error: unknown) => {
  assert.ok(error instanceof MissingPartError);
  assert.match(error.wanted, wanted);
  assert.match(error.found, found);
  assert.match(error.command, command);
  assert.doesNotMatch(error.message, /\n/);
  return true;
};

test('a machine without Java is told the package that brings it', async () => {
  const expected = lacks(/^Java 17 or newer$/, /^no java on the PATH$/, /install .*openjdk/);
  await assert.rejects(findJava({ PATH: '/nowhere' }), expected);
});

test('an old Java is named with its version', async () => {
  const env = { ...process.env, JAVA_HOME: fakeJava('11.0.2+9') };
  const expected = lacks(/^Java 17/, /^version 11\.0\.2\+9 at /, /^unset JAVA_HOME$/);
  await assert.rejects(findJava(env), expected);
});

test('a new enough Java is taken with its whole version', async () => {
  const home = fakeJava('25.0.1+8-LTS');
  const found = await findJava({ ...process.env, JAVA_HOME: home });
  assert.deepEqual(found, { path: join(home, 'bin', 'java'), version: '25.0.1+8-LTS' });
});

test('a machine without Maven is told the package that brings it, and nothing is left', async () => {
  process.env['FLEETWIRE_CACHE'] = mkdtempSync(join(tmpdir(), 'fleetwire-cache-'));
  const { PATH } = process.env;
  const shellOnly = mkdtempSync(join(tmpdir(), 'fleetwire-path-'));
  process.env['PATH'] = shellOnly;
  const expected = lacks(/^Maven to fetch Apache Kafka/, /^no mvn on the PATH$/, /install .*maven/);
  await assert.rejects(obtain('kafka', { say: () => undefined }), expected);
  process.env['PATH'] = PATH;
});

const server = {
  title: 'a server',
  commands: ['no-such-server', 'its-twin'],
  packages: { debian: 'no-such-package', brew: 'no-such-bottle' },
} as const;

test('a machine without a program is told its names and the package that brings it', async () => {
  const expected = lacks(
    /^a server$/,
    /^no no-such-server or its-twin on the PATH$/,
    /install .*no-such-(package|bottle)$/,
  );
  // Nothing can be installed either: apt-get is not on this PATH.
  const env = { PATH: '/nowhere' };
  await assert.rejects(obtainProgram(server, { say: () => undefined, env }), expected);
});

test('a program is taken from the PATH under any of its names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleetwire-path-'));
  writeFileSync(join(folder, 'its-twin'), '');
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const env = { PATH: `/nowhere:${folder}` };
  assert.equal(await obtainProgram(server, { say, env }), join(folder, 'its-twin'));
  assert.deepEqual(lines, [], 'what is there is not installed');
});
