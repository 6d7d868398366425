// From arguments to an exit code: 0 done, 1 refused or failed, 2 wrong usage, 78 bad configuration.

import { Command, CommanderError } from 'commander';
import { ConfigError } from '#shared/runtime/config.ts';
import { addConformCommand } from './commands/conform.ts';
import { addDecodeCommands } from './commands/decode.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addKedaCommands } from './commands/keda-plan.ts';
import { addLagCommand } from './commands/lag.ts';
import { addSchemasCommands } from './commands/schemas-apply.ts';
import { addTailCommand } from './commands/tail.ts';
import { addTopicsCommands } from './commands/topics-apply.ts';
import { addVehicleCommands } from './commands/vehicle.ts';
import { type CliContext, CommandFailed } from './context.ts';

/** `args` without the program. Never rejects. */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  try {
    await createProgram(context).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return exitCodeOf(error, context);
  }
}

function createProgram(context: CliContext): Command {
  const program = new Command('fleetwire')
    .description('Vehicle frames from MQTT to Kafka: what people and release jobs do by hand.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.out(text.trimEnd()),
      writeErr: (text) => context.err(text.trimEnd()),
    })
    .showHelpAfterError('(--help says more)');
  addDecodeCommands(program, context);
  addExplainCommand(program, context);
  addConformCommand(program, context);
  addSchemasCommands(program, context);
  addTopicsCommands(program, context);
  addTailCommand(program, context);
  addVehicleCommands(program, context);
  addLagCommand(program, context);
  addKedaCommands(program, context);
  return program;
}

function exitCodeOf(error: unknown, context: CliContext): number {
  // Help that was asked for ends with 0; commander has said the rest already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigError) {
    context.err(error.message);
    return 78;
  }
  if (error instanceof CommandFailed) {
    for (const line of error.message.split('\n')) context.err(`fleetwire: ${line}`);
    return 1;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  context.err(`fleetwire: a fault of ours: ${stack ?? String(error)}`);
  return 1;
}
