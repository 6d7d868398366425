// What a person reads when a part of the machine is not there: what was wanted, what was found
// and the one command that brings it.

export interface Missing {
  readonly wanted: string;
  readonly found: string;
  readonly command: string;
  readonly cause?: unknown;
}

/** A machine without something the stack needs. Its message is for people: print no stack. */
export class MissingPartError extends Error {
  readonly code = 'MISSING_PART';
  readonly wanted: string;
  readonly found: string;
  readonly command: string;

  constructor({ wanted, found, command, cause }: Missing) {
    super(`Wanted ${wanted}; found ${found}. This brings it: ${command}`, { cause });
    this.wanted = wanted;
    this.found = found;
    this.command = command;
  }
}

/** The command that installs a Debian or Homebrew package, as this user must type it. */
export function installCommand(packages: { readonly debian: string; readonly brew: string }) {
  if (process.platform === 'darwin') return `brew install ${packages.brew}`;
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  return `${sudo}apt-get install -y ${packages.debian}`;
}
