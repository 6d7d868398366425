// What is known of a vehicle as people read it.

import { ageText, durationText } from './durations.ts';
import { timeOf } from './record-lines.ts';
import { signalsOf } from './state-signals.ts';
import { tableLines } from './table.ts';
import { shortNameOf } from './topic-name.ts';
import { factsOf } from './vehicle-frames.ts';
import type { PipelineInput, VehicleLook } from './vehicle-look.ts';
import { sourceText, stateOf } from './vehicle-source.ts';

export function vehicleLines(look: VehicleLook, nowAt: number): readonly string[] {
  const { vehicleId, partition, partitionCount } = look;
  return [
    `${vehicleId}: partition ${partition} of ${partitionCount}`,
    '',
    ...sourceText(look, nowAt),
    ...stateLines(look, nowAt),
    '',
    ...frameLines(look, nowAt),
    '',
    ...pipelineLines(look.pipeline, look.lookBack),
  ];
}

function stateLines(look: VehicleLook, nowAt: number): readonly string[] {
  const state = stateOf(look);
  if (state === null) return [];
  const at = (time: number | null) => {
    return time === null ? 'never' : `${timeOf(time)}, ${ageText(time, nowAt)} ago`;
  };
  const since = state.presenceSince === null ? '' : ` since ${at(state.presenceSince)}`;
  const rows = [
    ['presence', `${state.presence} (${state.presenceReason})${since}`],
    ['first seen', at(state.firstSeenTime)],
    ['last seen', at(state.lastSeenTime)],
    ['last event', at(state.lastEventTime)],
    ['completeness', completenessText(state.completenessRatio, state.reportPeriodS)],
    ['codec', state.codec],
  ];
  const signals = signalsOf(state);
  return [
    ...rows.map(([name, text]) => `  ${name!.padEnd(13)} ${text}`),
    '',
    ...tableLines(
      [
        { title: 'signal', align: 'left' },
        { title: 'value', align: 'left' },
        { title: 'unit', align: 'left' },
        { title: 'age', align: 'right' },
      ],
      signals.map(({ path, text, unit, eventTime }) => {
        return [path, text, unit, ageText(eventTime, nowAt)];
      }),
    ),
  ];
}

function completenessText(ratio: number | null, periodS: number | null): string {
  if (ratio === null || periodS === null) return 'not known before the third report';
  return `${(ratio * 100).toFixed(1)} % of a report each ${durationText(periodS * 1000)}`;
}

function frameLines(look: VehicleLook, nowAt: number): readonly string[] {
  const title = `latest records, out of the last ${look.lookBack} of its partition in each topic`;
  if (look.frames.length === 0) return [`${title}: none`];
  const rows = look.frames.map((frame) => {
    const { topic, partition, offset, timestamp } = frame.record;
    const { what, eventTime, receivedTime } = factsOf(frame);
    return [
      `${shortNameOf(topic)} ${partition}/${offset}`,
      what,
      eventTime === null ? '-' : timeOf(eventTime),
      receivedTime === null ? '-' : timeOf(receivedTime),
      ageText(receivedTime ?? timestamp, nowAt),
    ];
  });
  const columns = ['place', 'what', 'event time', 'received'].map((name) => {
    return { title: name, align: 'left' as const };
  });
  return [`${title}:`, ...tableLines([...columns, { title: 'age', align: 'right' }], rows)];
}

function pipelineLines(inputs: readonly PipelineInput[], lookBack: number): readonly string[] {
  return [
    'in the pipeline of fleetwire-state:',
    ...inputs.map((input) => `  ${pipelineText(input, lookBack)}`),
  ];
}

/** `telemetry 7/1203 applied, the group is 0 behind` */
export function pipelineText(input: PipelineInput, lookBack: number): string {
  const { topic, partition, latest, position, end } = input;
  const behind = `the group is ${Math.max(0, end - position)} behind`;
  const name = shortNameOf(topic);
  if (latest === null)
    return `${name} ${partition}: none in the last ${lookBack} records, ${behind}`;
  return `${name} ${partition}/${latest} ${verdictOf(input, latest)}, ${behind}`;
}

function verdictOf({ applied, position }: PipelineInput, latest: number): string {
  if (applied !== null && applied >= latest) return 'applied';
  // A record that changes nothing need not be written down in the state.
  if (position > latest) return 'read, not noted in this state';
  const before = latest - position;
  return before === 0 ? 'not applied, it is next' : `not applied, ${before} records before it`;
}
