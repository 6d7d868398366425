// Writes the list of an image's npm packages (CycloneDX) to the file named by the argument. Runs
// inside the build, before any package is there: it may import nothing but Node.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Bom {
  serialNumber: string;
  readonly metadata: { timestamp: string; readonly component: { name: string } };
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Wanted the file to write as first argument, found none.');
writeFileSync(file, `${JSON.stringify(stable(npmSbom()), null, 1)}\n`);

/**
 * Of the lock file without what is left out of the image: asked to omit `dev`, npm also omits what
 * a package of the image needs and the tests name as well.
 */
function npmSbom(): Bom {
  const folder = mkdtempSync(join(tmpdir(), 'sbom-'));
  for (const name of ['package.json', 'package-lock.json']) {
    const content = JSON.parse(readFileSync(name, 'utf8'));
    strip(content);
    if (content.packages) strip(content.packages['']);
    for (const [path, entry] of Object.entries<LockEntry>(content.packages ?? {})) {
      if (entry.dev || entry.optional || entry.devOptional) delete content.packages[path];
      // Else npm finds another version where the one that is left out would be, and refuses it.
      delete entry.optionalDependencies;
    }
    writeFileSync(join(folder, name), JSON.stringify(content));
  }
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const options = { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 } as const;
  const text = execFileSync('npm', args, options);
  rmSync(folder, { recursive: true });
  return JSON.parse(text);
}

interface LockEntry {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  optionalDependencies?: unknown;
}

function strip(root: Record<string, unknown>): void {
  delete root['devDependencies'];
  delete root['optionalDependencies'];
}

/** The same packages give the same bytes: no clock, no dice, no name of a folder. */
function stable(bom: Bom): Bom {
  const { name } = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string };
  bom.metadata.component.name = name;
  const seconds = Number(process.env['SOURCE_DATE_EPOCH'] ?? 0);
  bom.metadata.timestamp = new Date(seconds * 1000).toISOString();
  bom.serialNumber = '';
  const hex = createHash('sha256').update(JSON.stringify(bom)).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  bom.serialNumber = `urn:uuid:${[...parts, hex.slice(20, 32)].join('-')}`;
  return bom;
}
