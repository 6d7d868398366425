// The pod in which people use the command line: there when somebody wants it, and not for ever.

import { type Fault, fault } from '../fault.ts';
import { find, nameOf } from '../manifest.ts';
import type { Installation, Rule } from '../rule.ts';

export const toolboxRules: readonly Rule[] = [
  { promise: 'the toolbox waits for somebody to start it, and ends by itself', check: life },
];

function life({ objects }: Installation): readonly Fault[] {
  const toolbox = find(objects, 'CronJob', 'toolbox');
  if (toolbox === undefined) return [fault('CronJob/toolbox', '', 'it', 'nothing')];
  const { suspend, jobTemplate } = toolbox.spec;
  const { activeDeadlineSeconds, ttlSecondsAfterFinished } = jobTemplate.spec;
  const faults: Fault[] = [];
  const want = (isMet: boolean, path: string, wanted: string, found: unknown) => {
    if (!isMet) faults.push(fault(nameOf(toolbox), path, wanted, found ?? 'nothing'));
  };
  want(suspend === true, 'spec.suspend', 'true: no schedule starts it', suspend);
  const path = 'spec.jobTemplate.spec';
  want(activeDeadlineSeconds > 0, `${path}.activeDeadlineSeconds`, 'one', activeDeadlineSeconds);
  const ttl = ttlSecondsAfterFinished;
  want(ttl !== undefined, `${path}.ttlSecondsAfterFinished`, 'one: its name is wanted again', ttl);
  return faults;
}
