// What the EMQX model can be set to: names and defaults of EMQX, as far as the model has them.

import { shareName } from '#shared/topics.ts';
import { type ModelClock, realClock } from './clock.ts';
import type { Strategy } from './strategy.ts';

export interface ModelSettings {
  /** `mqtt.max_inflight`: QoS 1 messages un-acknowledged per session at most. */
  readonly maxInflight: number;
  /** `mqtt.max_mqueue_len`: what waits per session beyond the window; Infinity: no limit. */
  readonly maxMqueueLen: number;
  /** `mqtt.max_packet_size`, bytes. */
  readonly maxPacketSize: number;
  /** `mqtt.shared_subscription`. */
  readonly isSharingOn: boolean;
  /** `mqtt.shared_subscription_strategy`. */
  readonly strategy: Strategy;
  /** `broker.shared_subscription_group.<name>.strategy`. */
  readonly groupStrategies: Readonly<Record<string, Strategy>>;
  /** May this client do this? EMQX's authorization. */
  readonly authorize: (act: Act) => boolean;
  /** For `random` and for where `round_robin` and `sticky` begin. */
  readonly seed: number;
  readonly clock: ModelClock;
  /** 0: any free one. */
  readonly port: number;
}

export interface Act {
  readonly kind: 'publish' | 'subscribe';
  readonly clientId: string;
  readonly username: string | null;
  /** Topic or filter, without its `$share/name/`. */
  readonly topic: string;
}

export const settingsDefault: ModelSettings = {
  maxInflight: 32,
  maxMqueueLen: 1000,
  maxPacketSize: 1_048_576,
  isSharingOn: true,
  strategy: 'round_robin',
  // What the bridge asks an EMQX to be set to; everything else here is as EMQX comes.
  groupStrategies: { [shareName]: 'hash_topic' },
  authorize: () => true,
  seed: 1,
  clock: realClock,
  port: 0,
};
