// The `fleetwire` command: what people and release jobs do by hand. One file for each command.

import { processContext } from './process-context.ts';
import { runCli } from './run-cli.ts';

const code = await runCli(process.argv.slice(2), processContext());
// Clients keep idle connections open; nothing is left to do.
process.exit(code);
