// All bridges of a demo, and what is known of their windows and ledgers.

import type { Conservation } from '../ledger/conservation.ts';
import { type RunningBridge, startBridge } from './bridges.ts';
import { Crew, type CrewOptions } from './crew.ts';

export class BridgeCrew extends Crew<RunningBridge> {
  /** Frames that a kill can make the broker deliver again at most. */
  redeliveryMax = 0;

  constructor(options: CrewOptions) {
    super({ title: 'bridge', begin: startBridge }, options);
  }

  /** A longer payload is refused unread. */
  get payloadBytesMax(): number {
    return Math.max(...this.running.map(({ payloadBytesMax }) => payloadBytesMax));
  }

  override async kill(bridge: RunningBridge): Promise<void> {
    this.redeliveryMax += bridge.windowMax;
    await super.kill(bridge);
  }

  /** Frames in flight of all bridges together; null when none could be asked. */
  async inFlightCount(conservation: Conservation): Promise<number | null> {
    let count: number | null = null;
    for (const { name, metrics } of await this.scrape()) {
      for (const { inFlight } of conservation.add(name, metrics).values()) {
        count = (count ?? 0) + inFlight;
      }
    }
    return count;
  }
}
