// Reconciles a run against outside brokers: knows where the topics ended before it, waits until
// they grow no more, reads what came and checks it.

import { createDecoder } from '#shared/avro/decoder.ts';
import { createRegistry } from '#shared/avro/registry.ts';
import { createKafkaClient } from '#shared/kafka/client.ts';
import { type PartitionEnds, readEnds } from '#shared/kafka/reader.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { delay } from '#shared/runtime/retry.ts';
import type { ClientConfig } from './demo/addresses.ts';
import { LedgerCheck, type Reconciliation } from './ledger/check.ts';
import { Conservation } from './ledger/conservation.ts';
import { readLedger } from './ledger/ledger-file.ts';
import { feedCheck, ledgerTopics } from './ledger/read-topics.ts';

export interface Reconciler {
  /** After the last message was sent. */
  reconcile(ledgerPath: string, signal: AbortSignal): Promise<Reconciliation>;
  close(): void;
}

/** Call it before the first message is sent. Rejects when Kafka or a topic is missing. */
export async function openReconciler(config: ClientConfig): Promise<Reconciler> {
  const client = createKafkaClient(config, createLogger({ level: 'silent', name: 'loadtest' }));
  const from = await readEnds(client, ledgerTopics);
  const decoder = createDecoder({ schemaById: createRegistry(config).schemaById });
  return {
    async reconcile(ledgerPath, signal) {
      await whenQuiet(() => readEnds(client, ledgerTopics), signal);
      const check = new LedgerCheck(await readLedger(ledgerPath));
      await feedCheck(check, { client, decoder, from });
      // No bridge is ours to ask, and no clock but our own is known.
      const conservation = new Conservation();
      return check.result({ conservation, redeliveryMax: 0, skewMs: null });
    },
    close: () => client.destroy(),
  };
}

const askEveryMs = 1_000;
const quietMs = 5_000;

async function whenQuiet(ends: () => Promise<PartitionEnds>, signal: AbortSignal): Promise<void> {
  let before = -1;
  let movedAt = Date.now();
  while (Date.now() - movedAt < quietMs) {
    const total = [...(await ends()).values()].reduce((sum, end) => sum + end, 0);
    if (total !== before) movedAt = Date.now();
    before = total;
    await delay(askEveryMs, signal);
  }
}
