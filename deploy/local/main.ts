// `npm run stack`: keeps the local stack up, prints every address, ends cleanly on Ctrl-C.
import { Command } from 'commander';
import { MissingPartError } from './missing.ts';
import { type Stack, startStack } from './stack.ts';
import { addStackOptions, stackOptionsOf } from './stack-options.ts';

await main();

async function main(): Promise<void> {
  const command = addStackOptions(new Command('npm run stack --'))
    .description('Keeps a real Kafka, MQTT 5 broker, registry and Redis up on free local ports.')
    .option('--dir <folder>', 'state and logs, kept; default: a fresh folder under .stack/')
    .parse();
  const { dir } = command.opts<{ dir?: string }>();
  const ended = endWanted();
  const stack = await startStack({ ...stackOptionsOf(command), ...(dir && { dir }), say }).catch(
    giveUp,
  );
  describe(stack);
  await ended;
  say('Stopping.');
  await stack.stop();
}

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends this process at once. */
function endWanted(): Promise<void> {
  return new Promise((resolve) => {
    let isAsked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (isAsked) process.exit(1);
        isAsked = true;
        resolve();
      });
    }
  });
}

function describe(stack: Stack): void {
  say(`MQTT_URL=${stack.mqttUrl}`);
  say(`KAFKA_BROKERS=${stack.kafkaBrokers}`);
  say(`REGISTRY_URL=${stack.registryUrl}`);
  say(`REDIS_URL=${stack.redisUrl}`);
  say(`Logs and state: ${stack.dir}`);
  say('Ready. Ctrl-C stops it.');
}

function giveUp(error: unknown): never {
  // A missing part is news for people; anything else is a fault of ours and shows its stack.
  if (!(error instanceof MissingPartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
