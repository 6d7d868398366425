// Brings a part from Maven Central into the cache. Knows Maven, nothing of what the parts do.
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cached } from './cache.ts';
import { installCommand, MissingPartError } from './missing.ts';
import { type Artifact, MAVEN_PLUGIN, PARTS, type PartName, type PartSource } from './parts.ts';
import { createProgress, type Progress } from './progress.ts';

export interface ObtainOptions {
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
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
  await maven(await goalOf(part, folder), { title, folder, progress, ...options });
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

interface Fetch extends ObtainOptions {
  readonly title: string;
  readonly folder: string;
  readonly progress: Progress;
}

async function maven(args: readonly string[], fetch: Fetch): Promise<void> {
  const child = spawn('mvn', ['-B', ...args], {
    cwd: fetch.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(fetch.signal === undefined ? {} : { signal: fetch.signal }),
  });
  const tail = follow(child, fetch.progress);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(mavenMissing(fetch.title, error)));
    child.once('close', resolve);
  });
  if (code !== 0) throw fetchFailed({ title: fetch.title, args, tail });
}

/** Counts what Maven says it has downloaded; returns its last words, filled as they come. */
function follow(child: ChildProcess, progress: Progress): string[] {
  const errors: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      const match = /Downloaded from .*\(([\d.]+) (B|kB|MB) at/.exec(line);
      if (match) progress.file(Number(match[1]) * scaleOf(match[2]));
      if (line.includes('ERROR') && errors.length < 3) errors.push(line.trim());
    });
  }
  return errors;
}

function scaleOf(unit: string | undefined): number {
  if (unit === 'MB') return 1e6;
  return unit === 'kB' ? 1e3 : 1;
}

function mavenMissing(title: string, cause: Error): Error {
  if (cause.name === 'AbortError') return cause;
  return new MissingPartError({
    wanted: `Maven to fetch ${title}`,
    found: 'no mvn on the PATH',
    command: installCommand({ debian: 'maven', brew: 'maven' }),
    cause,
  });
}

interface Failure {
  readonly title: string;
  readonly args: readonly string[];
  readonly tail: readonly string[];
}

function fetchFailed({ title, args, tail }: Failure): MissingPartError {
  const isArchive = args.some((arg) => arg.endsWith(':unpack'));
  return new MissingPartError({
    wanted: `${title} from Maven Central`,
    found: tail.join(' ') || 'that mvn failed without a word',
    command: isArchive ? `mvn -B ${args.slice(0, 2).join(' ')}` : 'mvn -B dependency:help',
  });
}
