// The `fleetwire` command: what people and release jobs do by hand. One file for each command.

import { runCli } from './run-cli.ts';

const code = await runCli(process.argv.slice(2), {
  env: process.env,
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
});
// Clients keep idle connections open; nothing is left to do.
process.exit(code);
