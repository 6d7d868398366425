// Writes the README anew with the screens of `fleetwire explain` as the command prints them: each
// block that begins with `$ fleetwire explain` is what follows from that line.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export function readmeWithScreens(): string {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  return text.replaceAll(screen, (_, line: string) => {
    return `\`\`\`\n$ fleetwire ${line}\n${printedBy(line)}\`\`\`\n`;
  });
}

const screen = /^```\n\$ fleetwire (explain .*)\n[\s\S]*?^```\n/gm;

const printed = new Map<string, string>();

/** A process each, so once in a life of this one. */
function printedBy(line: string): string {
  const known = printed.get(line);
  if (known !== undefined) return known;
  const args = [join(root, 'services', 'cli', 'main.ts'), ...line.split(' ')];
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: {} });
  // 1 says that the frame is refused.
  if (run.status !== 0 && run.status !== 1) throw new Error(`fleetwire ${line}: ${run.stderr}`);
  printed.set(line, run.stdout);
  return run.stdout;
}
