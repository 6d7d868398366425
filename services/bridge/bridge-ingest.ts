// Ingest as the bridge uses it, with what it holds between messages: parts, and keys.

import type { Encoders } from '#shared/avro/encoder.ts';
import type { Ingest } from '#shared/ingest/contract.ts';
import { createIngest } from '#shared/ingest/ingest.ts';
import { PartAssembly } from '#shared/ingest/part-assembly.ts';
import type { Logger } from '#shared/runtime/log.ts';
import type { MetricsRegistry } from '#shared/runtime/metrics.ts';
import { registerCodecs } from './codec-metrics.ts';
import type { BridgeConfig } from './config.ts';
import { createSignatures } from './signatures.ts';

export interface BridgeIngest {
  readonly ingest: Ingest;
  /** To be called now and then: parts grow old also where no more come. */
  look(): void;
}

export interface BridgeIngestOptions {
  readonly config: BridgeConfig;
  readonly encoders: Encoders;
  readonly registry: MetricsRegistry;
  readonly log: Logger;
}

export async function createBridgeIngest(options: BridgeIngestOptions): Promise<BridgeIngest> {
  const { config, encoders, registry, log } = options;
  const assembly = new PartAssembly({
    ageMs: config.partSecondsMax * 1000,
    partsMax: config.partsMax,
    vehicleBytesMax: config.partVehicleBytesMax,
    bytesMax: config.partBytesMax,
  });
  const { signatures: policies, signatureKeysFolder: keysFolder } = config;
  const signatures = createSignatures({ policies, keysFolder, log });
  registerCodecs(registry, { assembly, signatures });
  return {
    ingest: await createIngest({ ...config, encoders, assembly, signatures: signatures.options }),
    look: () => assembly.expire(Date.now()),
  };
}
