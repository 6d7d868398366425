// A real Prometheus beside the stack, for what wants to see the services as production's does.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ManagedPart, managePart } from './managed-part.ts';
import { HOST } from './ports.ts';
import { httpAnswers } from './probes.ts';
import { obtainProgram, type ProgramSource } from './program.ts';

export interface PrometheusOptions {
  readonly port: number;
  /** For settings, data and log. */
  readonly dir: string;
  /** What prometheus.yml holds; names of rule files count from `dir`/prometheus. */
  readonly config: object;
  readonly say: (line: string) => void;
}

export interface Prometheus extends ManagedPart {
  readonly url: string;
}

export const PROMETHEUS: ProgramSource = {
  title: 'Prometheus to scrape the services',
  commands: ['prometheus'],
  packages: { debian: 'prometheus', brew: 'prometheus' },
};

/** Finds or installs Prometheus and does not start it yet. Throws MissingPartError. */
export async function preparePrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { port, dir, config, say } = options;
  const command = await obtainProgram(PROMETHEUS, { say });
  const home = join(dir, 'prometheus');
  await mkdir(home, { recursive: true });
  // JSON is YAML.
  await writeFile(join(home, 'prometheus.yml'), JSON.stringify(config));
  const url = `http://${HOST}:${port}`;
  const part = managePart({
    id: 1,
    title: 'Prometheus',
    command,
    args: [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=data',
      `--web.listen-address=${HOST}:${port}`,
      '--log.level=warn',
    ],
    cwd: home,
    logFile: join(dir, 'prometheus.log'),
    probe: () => httpAnswers(`${url}/-/ready`),
    say,
  });
  return Object.assign(part, { url });
}
