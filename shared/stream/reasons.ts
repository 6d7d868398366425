// What the reason codes of records mean that a processor could not use, and what to do.

import type { StreamReason } from './quarantine.ts';

export interface StreamReasonEntry {
  readonly meaning: string;
  readonly toDo: string;
}

export const streamReasonEntries: Readonly<Record<StreamReason, StreamReasonEntry>> = {
  record_undecodable: {
    meaning:
      'The value of the record cannot be read: it has no Confluent header (`not_framed`), ' +
      'the registry does not know its schema (`schema_unknown`; asked at most once a ' +
      'minute), the schema is none of ours (`schema_foreign`), the bytes are not what it ' +
      'says (`bytes_broken`), or it is no Telemetry or Lifecycle of a vehicle ' +
      '(`not_input`). `detail` begins with that word. While the registry is away nothing is ' +
      'judged: the partition waits.',
    toDo:
      'find out who wrote it; bridges alone write to these topics. A schema that was ' +
      'deleted can be registered again, then the payload can be read.',
  },
  record_poison: {
    meaning:
      'The record could be read, but a rule failed on it three times, each time on a fresh ' +
      "copy of the vehicle's state, or made a state of it that cannot be stored. The state " +
      'is as if the record had never come. `detail` is what the rule said.',
    toDo: 'report it with the bytes of `payload`, it is a fault of fleetwire.',
  },
  offset_jump: {
    meaning:
      'No record: `payload` is empty. An input did not go on at the offset that comes next ' +
      '(`source`). Either records were deleted before they were applied, since the ' +
      'processor lagged for longer than the retention of the topic; `detail` says how many. ' +
      'Or the topic ends before what was applied of it, since it was made anew; it is then ' +
      'read from its start.',
    toDo:
      'look at the lag before, add replicas or raise the retention. What the deleted ' +
      'records said is in no state; vehicles that report again are right again from then ' +
      'on.',
  },
};
