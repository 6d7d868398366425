// A fleet on a real broker: its connections, its answers, its ledger.

import { linkSettingsOf, type MqttConfig } from '#shared/mqtt/settings.ts';
import { downTopic } from '#shared/topics.ts';
import { driveFleet, type FleetBook, type FleetPlan, planFleet } from './fleet/fleet.ts';
import { Uplink } from './fleet/uplink.ts';

export interface FleetRunOptions {
  readonly plan: FleetPlan;
  readonly mqtt: MqttConfig;
  readonly book: FleetBook & {
    answered(mqttTopic: string, payload: Buffer): void;
  };
  readonly signal: AbortSignal;
}

export interface FleetRun {
  /** Resolves when the last vehicle has logged out, or at the abort. */
  readonly done: Promise<void>;
  /** Until then answers are heard. */
  close(): Promise<void>;
}

/** Vehicles share a handful: what they do to a broker is the same, and sockets are dear. */
const connectionCount = 6;

/** On whose topics the fleet hears answers. */
const topicCodecs = ['gb32960', 'jt808', 'json'] as const;

/** Resolves when all connections are up and answers subscribed; rejects when one cannot be had. */
export async function startFleet(options: FleetRunOptions): Promise<FleetRun> {
  const { plan, mqtt, book, signal } = options;
  const link = linkSettingsOf(mqtt);
  const name = `fleet-${process.pid}-${plan.startAt}`;
  const uplinks = Array.from({ length: connectionCount }, (_, at) => {
    return new Uplink({ link, clientId: `${name}-${at}`, signal });
  });
  const ears = topicCodecs.map((codec) => {
    const onAnswer = (mqttTopic: string, payload: Buffer) => book.answered(mqttTopic, payload);
    const answers = { filter: downTopic('+', codec), onAnswer };
    return new Uplink({ link, clientId: `${name}-answers-${codec}`, answers, signal });
  });
  const all = [...ears, ...uplinks];
  await Promise.all(all.map((uplink) => uplink.open()));
  const journeys = await planFleet(plan);
  const uplinkOf = (vehicle: number): Uplink => uplinks[vehicle % uplinks.length] as Uplink;
  return {
    done: driveFleet({ journeys, book, uplinkOf, signal }),
    close: async () => {
      await Promise.all(all.map((uplink) => uplink.close()));
    },
  };
}
