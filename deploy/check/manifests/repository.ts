// Where the repository's own folders are.

import { join, resolve } from 'node:path';

export const repositoryRoot = resolve(import.meta.dirname, '..', '..', '..');
export const deployFolder = join(repositoryRoot, 'deploy');
