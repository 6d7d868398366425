// `npm run generate`: writes every generated file anew and names those that changed.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles, generatedText, repositoryRoot } from './files.ts';

for (const file of generatedFiles) {
  const target = join(repositoryRoot, file.path);
  const text = generatedText(file);
  if (text === current(target)) continue;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  process.stdout.write(`${file.path} written\n`);
}

function current(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
