// `npm run check` and `npm run fix`: the checks alone, without the tests.
import { Command } from 'commander';
import { runChecks } from './checks.ts';

await main();

async function main(): Promise<void> {
  const command = new Command('npm run check --')
    .description('Checks shape, walls and types.')
    .option('--fix', 'let Biome write what it can mend')
    .parse();
  const mode = command.opts<{ fix?: boolean }>().fix ? 'mend' : 'report';
  const results = await runChecks({ mode, say: (line) => process.stdout.write(`${line}\n`) });
  if (results.some(({ isGood }) => !isGood)) process.exitCode = 1;
}
