// The consumers in languages whose tools a machine may lack: what cannot be had is named, and the
// sentence is held by the others.

import { startStack } from '#deploy/local/stack.ts';
import { goConsumer, pythonConsumer } from '#test/consumers/programs.ts';
import { type ConsumerProgram, readsBack } from '#test/consumers/read-back.ts';
import { openGround } from '#test/integration/ground.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

export const consumersProof: Proof = {
  name: 'consumers',
  sentence:
    'The consumers of docs/consumers in Python and Go say each report once, with its values;' +
    ' those in TypeScript and Java do so in `npm test`.',
  run,
};

const programs: Readonly<Record<string, () => Promise<ConsumerProgram>>> = {
  Python: pythonConsumer,
  Go: goConsumer,
};

async function run(stage: ProofStage): Promise<Figures> {
  const stack = await startStack({ say: (line) => stage.say(line) });
  stage.after(() => stack.stop());
  const ground = await openGround(stack, { scope: stage });
  const figures: Record<string, string> = {};
  for (const [language, prepare] of Object.entries(programs)) {
    const program = await prepare().catch((error: Error) => error);
    if (program instanceof Error) {
      figures[language] = `skipped: ${firstLineOf(program)}`;
    } else {
      await readsBack(program, ground, stage);
      figures[language] = 'reads';
    }
    stage.say(`${language}: ${figures[language]}`);
  }
  return figures;
}

function firstLineOf({ message }: Error): string {
  return message.split('\n')[0] ?? '';
}
