// `npm run check` and `npm run fix`: the checks alone, without the tests.
// `npm run check -- deploy`: what deploy/ renders, against its rules; also an overlay of your own.
import { Command, Option } from 'commander';
import { runChecks } from './checks.ts';
import { checkOverlays } from './manifests/check-overlays.ts';

await main();

async function main(): Promise<void> {
  const command = new Command('npm run check --')
    .description('Checks shape, walls and types.')
    .option('--fix', 'let Biome write what it can mend')
    .action(async ({ fix }: { fix?: true }) => {
      const results = await runChecks({ mode: fix ? 'mend' : 'report', say });
      if (results.some(({ isGood }) => !isGood)) process.exitCode = 1;
    });
  command
    .command('deploy')
    .description('render overlays and hold them to every rule of deploy/')
    .argument('[overlays...]', 'folders with a kustomization.yaml; default: deploy/overlays/…')
    .addOption(
      new Option('--as <environment>', 'whose rules; default: dev where the folder is called so')
        .choices(['dev', 'prod'])
        .argParser((value) => value),
    )
    .action(async (folders: string[], { as }: { as?: 'dev' | 'prod' }) => {
      if (!(await checkOverlays({ folders, environment: as, say }))) process.exitCode = 1;
    });
  await command.parseAsync();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
