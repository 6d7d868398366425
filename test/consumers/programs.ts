// How the consumers of docs/consumers are started from this clone, and what each needs.

import { execFile } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { cached } from '#deploy/local/cache.ts';
import { findJava } from '#deploy/local/java.ts';
import { obtain } from '#deploy/local/maven.ts';
import type { ConsumerProgram } from './read-back.ts';

type Say = (line: string) => void;

const run = promisify(execFile);

function pathOf(...parts: readonly string[]): string {
  return join(repositoryRoot, 'docs', 'consumers', ...parts);
}

export function typescriptConsumer(): ConsumerProgram {
  return { command: process.execPath, args: [pathOf('typescript', 'consumer.ts')] };
}

/** With the jars that the local stack has brought: Kafka's own and the registry's Avro. */
export async function javaConsumer(say: Say): Promise<ConsumerProgram> {
  const { path } = await findJava();
  const kafka = await obtain('kafka', { say });
  const registry = await obtain('apicurio', { say });
  const avro = join(registry, 'lib', 'org.apache.avro.avro-1.12.0.jar');
  const classPath = [join(kafka, '*'), avro].join(delimiter);
  return { command: path, args: ['-cp', classPath, pathOf('java', 'Consumer.java')] };
}

/** In an environment of its own, with the versions that the file names. */
export async function pythonConsumer(): Promise<ConsumerProgram> {
  const file = pathOf('python', 'consumer.py');
  const wanted = /pip install (.+)/.exec(await readFile(file, 'utf8'))?.[1]?.split(' ') ?? [];
  const home = await cached(`consumer-python ${wanted.join(' ')}`, async (folder) => {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin', 'python3'), ['-m', 'pip', 'install', '--quiet', ...wanted]);
  });
  return { command: join(home, 'bin', 'python3'), args: [file] };
}

/** Built anew when the file has changed, in a folder of its own. */
export async function goConsumer(): Promise<ConsumerProgram> {
  const home = await cached('consumer-go', async (folder) => {
    await run('go', ['mod', 'init', 'consumer'], { cwd: folder });
  });
  await copyFile(pathOf('go', 'main.go'), join(home, 'main.go'));
  await run('go', ['mod', 'tidy'], { cwd: home });
  await run('go', ['build', '-o', 'consumer', '.'], { cwd: home });
  return { command: join(home, 'consumer'), args: [] };
}
