// Writes the list of an image's npm packages (CycloneDX) to the file named by the argument. Runs
// inside the build, before any package is there: it may import nothing but Node.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

interface Bom {
  serialNumber: string;
  readonly metadata: { timestamp: string; readonly component: { name: string } };
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Wanted the file to write as first argument, found none.');
writeFileSync(file, `${JSON.stringify(stable(npmSbom()), null, 1)}\n`);

/** By the lock file: of the installed tree npm says that the packages left out are missing. */
function npmSbom(): Bom {
  const omit = ['--omit', 'dev', '--omit', 'optional'];
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', ...omit];
  return JSON.parse(execFileSync('npm', args, { encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 }));
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
