// What happened to a vehicle, message by message, for whoever must understand a broken promise.

import type { PlannedMessage } from '#loadtest/fleet/planned.ts';
import type { Ledger, SentMessage } from '#loadtest/ledger/entries.ts';
import type { Breach } from './breach.ts';
import type { Fates } from './fates.ts';
import { originText } from './lost.ts';

export interface StoryOptions {
  readonly breaches: readonly Breach[];
  readonly ledger: Ledger;
  readonly messages: readonly PlannedMessage[];
  readonly fates: Fates;
  /** Epoch ms: times are told from here. */
  readonly startAt: number;
}

const vehiclesMax = 3;
/** Around the one that shows the breach. */
const neighbours = 2;

/** Of the first few vehicles that have one. */
export function storiesOf(options: StoryOptions): readonly string[] {
  const byVehicle = new Map<string, Breach>();
  for (const breach of options.breaches) {
    const { vehicleId } = breach;
    if (vehicleId !== undefined && !byVehicle.has(vehicleId)) byVehicle.set(vehicleId, breach);
  }
  return [...byVehicle.values()]
    .slice(0, vehiclesMax)
    .flatMap((breach) => storyOf(breach, options));
}

function storyOf(
  { vehicleId, messageNo, promise, found }: Breach,
  options: StoryOptions,
): readonly string[] {
  const own = options.ledger.messages.filter((message) => message.vehicleId === vehicleId);
  const at = own.findIndex((message) => message.messageNo === messageNo);
  const shown =
    at < 0 ? own.slice(-5) : own.slice(Math.max(0, at - neighbours), at + neighbours + 1);
  const lines = shown.flatMap((message) => linesOf(message, options));
  return [`${vehicleId}: ${promise}: ${found}`, ...lines];
}

function linesOf(message: SentMessage, { fates, messages, startAt }: StoryOptions): string[] {
  const { messageNo, frames, acked, attempts } = message;
  const kinds = frames.map(({ kind }) => kind).join('+');
  const since = (at: number | null) =>
    at === null ? 'never' : `${((at - startAt) / 1_000).toFixed(3)} s`;
  const puback = acked === null ? 'never' : `${since(acked.at)} (${acked.reasonCode})`;
  const times = attempts > 1 ? `, ${attempts} times` : '';
  const deliveries = fates.deliveriesOf(message).map(({ session, at, ackedAt }) => {
    const { clientId, closedAt } = session;
    const end = closedAt === null ? 'open' : `ended ${since(closedAt)}`;
    return `    to ${clientId} ${since(at)}, PUBACK ${since(ackedAt)}, connection ${end}`;
  });
  const copies = fates.all
    .filter(({ sends }) => sends.some((send) => send.message.messageNo === messageNo))
    .flatMap((fate) => fate.copies)
    .map((copy) => {
      const place = `${copy.kafkaTopic}/${copy.partition}@${copy.offset}`;
      return `    in ${place} ${since(copy.appendedAt)} by ${originText(copy)}`;
    });
  const bytes = messages[messageNo - 1]?.payload.toString('hex') ?? '';
  return [
    `  message ${messageNo} ${kinds}: sent ${since(message.at)}${times}, PUBACK ${puback}`,
    ...deliveries,
    ...(copies.length > 0 ? copies : ['    not in Kafka']),
    `    bytes ${bytes.length > 120 ? `${bytes.slice(0, 120)}…` : bytes}`,
  ];
}
