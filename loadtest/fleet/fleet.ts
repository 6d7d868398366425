// A fleet: the journeys of all its vehicles, and how they are driven in real time. Each vehicle
// sends one message at a time and waits for its PUBACK, as a terminal does.

import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { journeyOf } from './journey.ts';
import type { Mix } from './mix.ts';
import type { PlannedMessage } from './planned.ts';
import { createRandom } from './random.ts';
import type { Signer } from './signer.ts';
import { SimulatedCar } from './simulated-car.ts';
import { createSpeakers } from './speakers.ts';

export interface FleetPlan {
  readonly vehicles: number;
  /** The same seed and start give the same messages, byte for byte. */
  readonly seed: number;
  /** Epoch ms. */
  readonly startAt: number;
  readonly seconds: number;
  readonly reportPeriodMs: number;
  /** Refused frames among all frames, 0 to 1. */
  readonly badShare: number;
  readonly payloadBytesMax: number;
  /** Which part of it speaks which protocol. */
  readonly mix: Mix;
  /** Left out where no bridge has its key: then nobody signs. */
  readonly signer?: Signer;
}

/** One journey for each vehicle. */
export async function planFleet(plan: FleetPlan): Promise<readonly Iterable<PlannedMessage>[]> {
  const { vehicles, seed, startAt, seconds } = plan;
  const speakerOf = await createSpeakers(plan.mix, plan.signer);
  // One car more than drives, so that also a fleet of one has a stranger.
  const cars = Array.from({ length: vehicles + 1 }, (_, index) => new SimulatedCar(seed, index));
  return cars.slice(0, vehicles).map((simulated, index) => {
    // The car has the stream of its index; the terminal's habits have one of their own.
    const random = createRandom(seed, vehicles + 1 + index);
    return journeyOf({
      speaker: speakerOf({ simulated, index, random }),
      random,
      startAt,
      endAt: startAt + seconds * 1000,
      reportPeriodMs: plan.reportPeriodMs,
      badShare: plan.badShare,
      stranger: cars[index + 1] as SimulatedCar,
      payloadBytesMax: plan.payloadBytesMax,
    });
  });
}

/** Where the fleet writes down what it does, before it does it. */
export interface FleetBook {
  /** Answers the number under which the message is acknowledged later. */
  sent(message: PlannedMessage): number;
  /** The same message leaves again: nobody knows what became of the attempt before. */
  again(messageNo: number): void;
  acked(messageNo: number, reasonCode: number): void;
}

export interface FleetDrive {
  readonly journeys: readonly Iterable<PlannedMessage>[];
  readonly book: FleetBook;
  /** By vehicle, so that one vehicle always uses one connection. */
  readonly uplinkOf: (vehicle: number) => FleetUplink;
  readonly signal: AbortSignal;
}

export interface FleetUplink {
  /** Resolves with the PUBACK's reason code; `onAgain` comes before each further attempt. */
  send(topic: string, payload: Buffer, onAgain: () => void): Promise<number>;
}

/** Resolves when every vehicle has sent its last message, or at the abort. */
export async function driveFleet({ journeys, book, uplinkOf, signal }: FleetDrive): Promise<void> {
  // Every vehicle's timer listens to it.
  setMaxListeners(0, signal);
  await Promise.all(
    journeys.map((journey, index) =>
      driveVehicle(journey, { book, signal, uplink: uplinkOf(index) }),
    ),
  );
}

interface VehicleDrive {
  readonly book: FleetBook;
  readonly uplink: FleetUplink;
  readonly signal: AbortSignal;
}

async function driveVehicle(
  journey: Iterable<PlannedMessage>,
  { book, uplink, signal }: VehicleDrive,
): Promise<void> {
  for (const message of journey) {
    const waitMs = message.dueAt - Date.now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const messageNo = book.sent(message);
    try {
      const onAgain = () => book.again(messageNo);
      book.acked(messageNo, await uplink.send(message.mqttTopic, message.payload, onAgain));
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
  }
}
