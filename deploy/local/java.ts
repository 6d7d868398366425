// Finds the Java that runs the stack's brokers, and says which command brings one.
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { installCommand, MissingPartError } from './missing.ts';
import { JAVA_MAJOR_MIN } from './parts.ts';

export interface Java {
  readonly path: string;
  /** The whole version, such as 17.0.15+6: a class archive fits one JVM only. */
  readonly version: string;
}

// C1 alone and the serial collector: these brokers live for minutes on a shared machine, where
// start and CPU count and peak throughput does not. Measured: Kafka starts in 2.4 s of CPU
// instead of 4.3.
export const JAVA_FLAGS = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'] as const;

const JAVA_PACKAGES = { debian: 'openjdk-17-jdk-headless', brew: 'openjdk' } as const;

/** JAVA_HOME's Java, else the PATH's. Throws MissingPartError when it is absent or too old. */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<Java> {
  const home = env['JAVA_HOME'];
  const path = home ? join(home, 'bin', 'java') : 'java';
  const command = home ? 'unset JAVA_HOME' : installCommand(JAVA_PACKAGES);
  const missing = (found: string, cause?: unknown) => {
    return new MissingPartError({
      wanted: `Java ${JAVA_MAJOR_MIN} or newer`,
      found,
      command,
      cause,
    });
  };
  const version = await versionOf(path, env).catch((cause) => {
    throw missing(
      home ? `no working ${path}, where JAVA_HOME points` : 'no java on the PATH',
      cause,
    );
  });
  const major = Number(/^\d+/.exec(version)?.[0]);
  if (!(major >= JAVA_MAJOR_MIN)) throw missing(`version ${version} at ${path}`);
  return { path, version };
}

async function versionOf(path: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { stderr } = await promisify(execFile)(path, ['-version'], { env });
  const version = /\(build ([^,)]+)/.exec(stderr)?.[1];
  if (version === undefined) throw new Error(`No version in: ${stderr}`);
  return version;
}

/** Runs a Java program to its end; throws with its words when it fails. */
export async function runJava(java: Java, args: readonly string[]): Promise<void> {
  await promisify(execFile)(java.path, [...JAVA_FLAGS, ...args]);
}

/** The jars of a folder, sorted: a class archive fits one order only, a wildcard gives any. */
export async function classPath(folder: string): Promise<string> {
  const names = await readdir(folder);
  const jars = names.filter((name) => name.endsWith('.jar')).sort();
  return jars.map((name) => join(folder, name)).join(delimiter);
}
