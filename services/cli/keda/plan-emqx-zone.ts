// Window, queue and heap of EMQX for one connection of a bridge: what is held while Kafka pauses.

import { type Answer, answer, type Figure, type PartPlan, type PlanFault } from './answer.ts';
import { ceiling, roundedUp, shown } from './arithmetic.ts';
import { hpaSyncSeconds, scaleUp } from './behavior.ts';

export interface ZoneInputs {
  /** Frames a second of the whole fleet. */
  readonly peakRate: number;
  /** Bridges that are there when the peak begins. */
  readonly bridges: number;
  /** MQTT connections of each. */
  readonly connections: number;
  /** Frames a second of one bridge at 70 % of one CPU. */
  readonly ratePerReplica: number;
  readonly startSeconds: number;
  readonly latencyMs: number;
  readonly worstStallSeconds: number;
  readonly frameBytes: number;
}

export type ZonePlan = PartPlan<ZoneInputs>;

/** `BRIDGE_WINDOW_FRAMES` of a bridge that nobody set: small enough to cost nothing. */
const windowMin = 4000;

/** MQTT 5 section 3.1.2.11.3: Receive Maximum has two bytes. */
const windowMax = 65_535;

/** EMQX's own default of max_mqueue_len. */
const queueMin = 1000;

/** EMQX's own default of force_shutdown.max_mailbox_size is 1000: 50 ms at 20,000 frames/s. */
const mailboxMin = 10_000;

/**
 * Assumed, not measured: record, headers, topic and queue cell of a message take about 1,000 bytes
 * in EMQX, and while Erlang collects garbage both copies count. The payload lies outside the heap
 * of the process; it is counted all the same, since other versions count it.
 */
export const messageOverheadBytes = 2000;

/** Vehicles are shared out by hash: the fullest connection gets a tenth more, which is assumed. */
const fullestShare = 1.1;

const mebibyte = 1024 * 1024;

/** EMQX's own default of force_shutdown.max_heap_size. */
const heapMinMb = 32;

export function planEmqxZone(inputs: ZoneInputs): ZonePlan {
  const zone = zoneOf(inputs);
  return {
    faults: faultsOf(inputs, zone),
    answers: [
      windowAnswer(inputs, zone),
      queueAnswer(inputs, zone),
      heapAnswer(inputs, zone),
      answer('emqx.mailboxFrames', zone.mailbox, {
        reason: 'a second of the peak, should the process of the connection wait for the CPU',
        traps: ['A longer mailbox ends the session, and what it had not read is lost.'],
      }),
    ],
    figures: figuresOf(inputs, zone),
  };
}

interface Zone {
  readonly members: number;
  /** Frames a second of the fullest one. */
  readonly perConnection: number;
  /** Rate x latency x 2, before the bounds. */
  readonly windowWanted: number;
  readonly window: number;
  readonly stallFrames: number;
  readonly surgeFrames: number;
  readonly queue: number;
  readonly heapMb: number;
  readonly mailbox: number;
}

function zoneOf(inputs: ZoneInputs): Zone {
  const { peakRate, bridges, connections, worstStallSeconds, frameBytes } = inputs;
  const members = bridges * connections;
  const perConnection = (fullestShare * peakRate) / members;
  const windowWanted = ceiling((perConnection * inputs.latencyMs * 2) / 1000);
  const window = Math.min(Math.max(roundedUp(windowWanted), windowMin), windowMax);
  // Half of the window is in use when Kafka pauses.
  const stallFrames = perConnection * 2 * worstStallSeconds - window / 2;
  const excess = Math.max(0, peakRate - bridges * inputs.ratePerReplica);
  const surgeFrames = ((fullestShare * excess) / members) * surgeSeconds(inputs);
  const queue = Math.max(roundedUp(Math.max(stallFrames, surgeFrames)), queueMin);
  const heapBytes = (window + queue) * (frameBytes + messageOverheadBytes);
  const heapMb = Math.max(heapMinMb, roundedUp(heapBytes / mebibyte));
  const mailbox = Math.max(mailboxMin, roundedUp(perConnection));
  const sizes = { window, queue, heapMb, mailbox };
  return { members, perConnection, windowWanted, stallFrames, surgeFrames, ...sizes };
}

/** Prometheus looks (15 s, as the HPA does), the HPA looks, agrees with itself, a bridge starts. */
function surgeSeconds({ startSeconds }: ZoneInputs): number {
  return 2 * hpaSyncSeconds + scaleUp.windowSeconds + startSeconds;
}

function faultsOf(inputs: ZoneInputs, zone: Zone): readonly PlanFault<ZoneInputs>[] {
  const inFlight = ceiling(zone.windowWanted / 2);
  if (inFlight <= windowMax) return [];
  const text =
    `want at most ${shown(windowMax)} frames in flight on a connection, which is MQTT's bound, ` +
    `found ${shown(inFlight)} at ${inputs.latencyMs} ms; more connections or more bridges`;
  return [{ input: 'connections', text }];
}

function windowAnswer(inputs: ZoneInputs, zone: Zone): Answer {
  const rate = `${shown(ceiling(zone.perConnection))}/s of the fullest connection`;
  return answer('bridge.windowFrames', zone.window, {
    reason:
      `${rate} x ${inputs.latencyMs} ms of Kafka x 2 = ${shown(zone.windowWanted)}, ` +
      `within ${shown(windowMin)}..${shown(windowMax)}`,
    traps: [
      'The smaller of both sides counts, and max_inflight of EMQX is 32 by default: ' +
        'both must have this number.',
      'BRIDGE_HELD_BYTES_MAX bounds all windows of a bridge together.',
      zone.windowWanted > windowMax
        ? "MQTT's bound cuts it: above 0.5 it is full sooner than planned."
        : null,
    ],
  });
}

function queueAnswer(inputs: ZoneInputs, zone: Zone): Answer {
  const { peakRate, bridges, connections, worstStallSeconds } = inputs;
  const share = `of ${shown(peakRate)}/s over ${bridges} bridges x ${connections} connections`;
  const rate = `${shown(ceiling(zone.perConnection))}/s (${fullestShare} x the share ${share})`;
  const reason =
    zone.surgeFrames > zone.stallFrames
      ? `${rate}: what they cannot take in the ${surgeSeconds(inputs)} s until another comes`
      : `${rate} for twice the worst pause of Kafka, ${shown(worstStallSeconds)} s, ` +
        'less the free half of the window';
  return answer('emqx.queueFrames', zone.queue, {
    reason,
    traps: [
      'A full queue drops its oldest frames, whose vehicles have their PUBACK already.',
      'It is in the memory of one EMQX node and dies with it.',
      'Vehicles are shared out by hash, not by rate: few loud ones make a share much larger.',
    ],
  });
}

function heapAnswer({ frameBytes }: ZoneInputs, zone: Zone): Answer {
  const held = shown(zone.window + zone.queue);
  return answer('emqx.maxHeapSize', `${zone.heapMb}MB`, {
    reason:
      `${held} frames x (${frameBytes} bytes + ${shown(messageOverheadBytes)} of EMQX for each, ` +
      `assumed), at least ${heapMinMb} MB`,
    traps: [
      'With the default of 32MB EMQX ends the session long before the queue is full; ' +
        'its frames go to the other connections, which may end in the same way.',
    ],
  });
}

function figuresOf(inputs: ZoneInputs, zone: Zone): readonly Figure[] {
  const held = (zone.window / 2 + zone.queue) / zone.perConnection;
  const withoutOne = (held * (inputs.bridges - 1)) / inputs.bridges;
  const memory = zone.heapMb * zone.members;
  return [
    { name: 'emqx: headroom at the peak', value: downTo(held), unit: 's' },
    { name: 'emqx: headroom at the peak, one bridge away', value: downTo(withoutOne), unit: 's' },
    { name: 'emqx: memory of all full queues, on all nodes', value: memory, unit: 'MB' },
  ];
}

/** A tenth of a second, never more than it is. */
function downTo(seconds: number): number {
  return Math.floor(seconds * 10) / 10;
}
