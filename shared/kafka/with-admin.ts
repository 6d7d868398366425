// One piece of work on an admin connection, which is closed however the work ends.

import type { Admin } from 'kafkajs';
import type { KafkaClient } from './client.ts';

/** Rejects with what the connection or the work rejects with. */
export async function withAdmin<T>(
  client: KafkaClient,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = client.kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
