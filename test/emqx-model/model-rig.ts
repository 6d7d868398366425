// A model with its clock in the test's hand, and clients that do only what they are told.

import { type Address, RawClient, type RawOptions } from '../brokers/raw-client.ts';
import { EmqxModel } from './emqx-model.ts';
import { HandClock } from './hand-clock.ts';
import type { ModelSettings } from './settings.ts';
import type { Strategy } from './strategy.ts';

export interface ModelRig {
  readonly model: EmqxModel;
  readonly clock: HandClock;
  readonly address: Address;
  client(options?: RawOptions): Promise<RawClient>;
  /** Subscribed to `shared`. */
  member(options?: RawOptions): Promise<RawClient>;
}

/** In the group that the bridge uses. */
export const shared = '$share/fleetwire/cars/+';

export interface TestEnd {
  after(act: () => Promise<unknown>): void;
}

export async function startModel(
  t: TestEnd,
  settings: Partial<ModelSettings> = {},
): Promise<ModelRig> {
  const clock = new HandClock();
  const model = await EmqxModel.start({ clock, ...settings });
  t.after(() => model.stop());
  const address = { host: '127.0.0.1', port: model.port, credentials: null, tls: null };
  const client = (options?: RawOptions) => RawClient.open(address, options);
  const member = async (options?: RawOptions) => {
    const opened = await client(options);
    await opened.subscribe(shared);
    return opened;
  };
  return { model, clock, address, client, member };
}

export function groupBy(strategy: Strategy): Partial<ModelSettings> {
  return { groupStrategies: { fleetwire: strategy } };
}

/** Publishes 1, 2, 3 … to one topic, each with its PUBACK before the next. */
export async function publishCount(
  publisher: RawClient,
  topic: string,
  count: number,
): Promise<void> {
  for (let n = 1; n <= count; n += 1) await publisher.publish(topic, String(n));
}

/**
 * What has come at a client when the broker has nothing more for it: it writes in the order in
 * which things happen, so all of it comes before the answer to a ping. PUBACKs for what came with
 * the answer may bring more.
 */
export async function textsOf(client: RawClient): Promise<readonly string[]> {
  for (let before = -1; before < client.arrivals.length; ) {
    before = client.arrivals.length;
    await client.ping();
  }
  return client.arrivals.map(({ text }) => text);
}

export function numbers(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
}
