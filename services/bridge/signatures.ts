// Keys and counts around the check of signatures: the folder is read at the start and looked at
// again while the bridge runs, so a new vehicle needs no restart.

import type {
  CheckSignature,
  SignatureOptions,
  SignaturePolicies,
} from '#shared/ingest/signatures.ts';
import type { Logger } from '#shared/runtime/log.ts';
import { createSignatureCheck } from '#shared/signature/check.ts';
import { type KeyFileFault, KeyFolder } from '#shared/signature/key-folder.ts';

export type Verdict = ReturnType<CheckSignature>;

export const verdicts: readonly Verdict[] = ['valid', 'invalid', 'unchecked'];

export interface Signatures {
  readonly options: SignatureOptions;
  /** Signatures that were looked at, by what they were worth. */
  readonly counts: Readonly<Record<Verdict, number>>;
}

export interface SignatureSetup {
  readonly policies: SignaturePolicies;
  readonly keysFolder: string | undefined;
  readonly log: Logger;
}

/** A Secret that is exchanged in Kubernetes takes about as long to arrive. */
const refreshMs = 60_000;

export function createSignatures(setup: SignatureSetup): Signatures {
  const { policies, keysFolder, log } = setup;
  const counts = { valid: 0, invalid: 0, unchecked: 0 };
  if (keysFolder === undefined) return { options: { policies, check: null }, counts };
  const folder = new KeyFolder(keysFolder);
  tellFaults(folder.load(), log);
  log.info({ keysFolder, files: folder.fileCount }, 'Read the keys of signatures.');
  const checkSignature = createSignatureCheck(folder);
  const check: CheckSignature = (signed, vehicleId) => {
    const verdict = checkSignature(signed, vehicleId);
    counts[verdict] += 1;
    return verdict;
  };
  const timer = setInterval(() => void refresh(folder, log), refreshMs);
  timer.unref();
  return { options: { policies, check }, counts };
}

async function refresh(folder: KeyFolder, log: Logger): Promise<void> {
  const { changedCount, removedCount, faults } = await folder.refresh();
  tellFaults(faults, log);
  if (changedCount + removedCount === 0) return;
  log.info({ changedCount, removedCount, files: folder.fileCount }, 'Keys of signatures changed.');
}

/** A bad file takes nothing from the other vehicles. */
function tellFaults(faults: readonly KeyFileFault[], log: Logger): void {
  const shown = faults.slice(0, faultsShownMax);
  for (const { file, text } of shown) log.warn({ file, text }, 'A file of keys cannot be used.');
  const more = faults.length - shown.length;
  if (more > 0) log.warn({ more }, 'More files of keys cannot be used.');
}

const faultsShownMax = 10;
