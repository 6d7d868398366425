// Brings a part from Maven Central into the cache. Knows Maven, nothing of what the parts do.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { installCommand, MissingPartError } from './missing.ts';
import { spawnOwned } from './own-process.ts';
import { type Artifact, MAVEN_PLUGIN, PARTS, type PartName, type PartSource } from './parts.ts';
import { createProgress, type Progress } from './progress.ts';

export interface ObtainOptions {
  readonly say: (line: string) => void;
}

// One Maven at a time: two would fetch the same plugin into one local repository.
let queue: Promise<unknown> = Promise.resolve();

/** The folder of a part's jars, fetched when the cache has none. Throws MissingPartError. */
export function obtain(name: PartName, options: ObtainOptions): Promise<string> {
  const part = PARTS[name];
  return cached(`${name}-${part.version}`, (folder) => {
    const fetched = queue.then(() => fetchPart(part, folder, options));
    queue = fetched.catch(() => undefined);
    return fetched;
  });
}

async function fetchPart(part: PartSource, folder: string, options: ObtainOptions) {
  const title = `${part.title} ${part.version}`;
  options.say(`Fetching ${title} (${part.size}) from Maven Central.`);
  const progress = createProgress(title, options.say);
  await maven(await goalOf(part, folder), { part, folder, progress });
  progress.end();
}

async function goalOf(part: PartSource, folder: string): Promise<readonly string[]> {
  if (part.kind === 'archive') {
    const source = `-Dartifact=${part.coordinates}`;
    return [`${MAVEN_PLUGIN}:unpack`, source, `-DoutputDirectory=${folder}`];
  }
  const pom = join(folder, 'pom.xml');
  await writeFile(pom, pomOf(part.artifacts));
  const target = `-DoutputDirectory=${folder}`;
  return ['-f', pom, `${MAVEN_PLUGIN}:copy-dependencies`, '-DincludeScope=runtime', target];
}

function pomOf(artifacts: readonly Artifact[]): string {
  const dependencies = artifacts.map(
    ({ group, name, version }) =>
      `    <dependency><groupId>${group}</groupId><artifactId>${name}</artifactId>` +
      `<version>${version}</version></dependency>\n`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>part</artifactId><version>1</version>
  <dependencies>\n${dependencies.join('')}  </dependencies>\n</project>\n`;
}

// What a shell answers for a command that it cannot find.
const NOT_FOUND = 127;

interface Fetch {
  readonly part: PartSource;
  readonly folder: string;
  readonly progress: Progress;
}

async function maven(args: readonly string[], { part, folder, progress }: Fetch): Promise<void> {
  const errors: string[] = [];
  const child = await spawnOwned({
    command: 'mvn',
    args: ['-B', ...args],
    cwd: folder,
    onLine: (line) => {
      const match = /Downloaded from .*\(([\d.]+) (B|kB|MB) at/.exec(line);
      if (match) progress.file(Number(match[1]) * scaleOf(match[2]));
      if (line.startsWith('[ERROR]')) errors.push(line.slice('[ERROR]'.length).trim());
    },
  });
  const { code } = await child.exited;
  if (code === NOT_FOUND) throw mavenMissing(part);
  if (code !== 0) throw fetchFailed(part, errors);
}

function scaleOf(unit: string | undefined): number {
  if (unit === 'MB') return 1e6;
  return unit === 'kB' ? 1e3 : 1;
}

function mavenMissing(part: PartSource): MissingPartError {
  return new MissingPartError({
    wanted: `Maven to fetch ${part.title} ${part.version}`,
    found: 'no mvn on the PATH',
    command: installCommand({ debian: 'maven', brew: 'maven' }),
  });
}

function fetchFailed(part: PartSource, errors: readonly string[]): MissingPartError {
  const coordinates = part.kind === 'archive' ? part.coordinates : coordinatesOf(part.artifacts);
  return new MissingPartError({
    wanted: `${part.title} ${part.version} from Maven Central`,
    // The first line names the artifact and the reason; the rest is advice on Maven's switches.
    found: errors[0] ?? 'that mvn failed without a word',
    command: `mvn ${MAVEN_PLUGIN}:get -Dartifact=${coordinates}`,
  });
}

function coordinatesOf([first]: readonly Artifact[]): string {
  return `${first?.group}:${first?.name}:${first?.version}`;
}
