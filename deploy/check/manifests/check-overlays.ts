// `npm run check -- deploy`: the rules over overlays, ours or a reader's own, told rule by rule.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MissingPartError } from '#deploy/local/missing.ts';
import { faultLine } from './fault.ts';
import { findingsOf, readInstallation } from './installations.ts';
import { findKustomize, type Kustomize, RenderError } from './kustomize.ts';
import { deployFolder } from './repository.ts';

export interface CheckOverlaysOptions {
  /** None: those of deploy/overlays. */
  readonly folders: readonly string[];
  readonly environment?: 'dev' | 'prod' | undefined;
  readonly say: (line: string) => void;
}

const shipped = ['prod', 'dev'].map((name) => join(deployFolder, 'overlays', name));

/** Whether every rule holds for every folder. */
export async function checkOverlays(options: CheckOverlaysOptions): Promise<boolean> {
  const { folders, say } = options;
  try {
    const kustomize = findKustomize();
    let isGood = true;
    for (const folder of folders.length === 0 ? shipped : folders) {
      isGood = (await checkOverlay(kustomize, folder, options)) && isGood;
    }
    return isGood;
  } catch (error) {
    if (!(error instanceof MissingPartError)) throw error;
    say(error.message);
    return false;
  }
}

async function checkOverlay(
  kustomize: Kustomize,
  folder: string,
  { environment, say }: CheckOverlaysOptions,
): Promise<boolean> {
  if (!existsSync(join(folder, 'kustomization.yaml'))) {
    say(`${folder}: want a folder with a kustomization.yaml, found none`);
    return false;
  }
  try {
    const options = { kustomize, folder, ...(environment && { environment }) };
    const installation = await readInstallation(options);
    const count = installation.objects.length;
    say(`${folder}: ${count} objects, held to the rules of ${installation.environment}`);
    return tell(findingsOf(installation), say);
  } catch (error) {
    if (!(error instanceof RenderError)) throw error;
    say(error.message);
    return false;
  }
}

function tell(findings: ReturnType<typeof findingsOf>, say: (line: string) => void): boolean {
  for (const { promise, faults } of findings) {
    say(`  ${faults.length === 0 ? '✔' : '✖'} ${promise}`);
    for (const fault of faults) say(`      ${faultLine(fault)}`);
  }
  const count = findings.reduce((sum, { faults }) => sum + faults.length, 0);
  say(count === 0 ? '  every rule holds' : `  ${count} ${count === 1 ? 'fault' : 'faults'}`);
  return count === 0;
}
