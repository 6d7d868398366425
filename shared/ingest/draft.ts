// What a message has become so far.

import type { Answer, Ingested, IngestedRecord, IngestMessage, Origin } from './contract.ts';
import type { Address } from './route.ts';

export interface Draft {
  readonly message: IngestMessage;
  readonly address: Address;
  readonly ingested: OpenIngested;
  /** Signatures that were checked. */
  checkedCount: number;
}

export interface OpenIngested extends Ingested {
  frameCount: number;
  quarantinedCount: number;
  readonly quarantineReasons: string[];
  readonly records: IngestedRecord[];
  readonly answers: Answer[];
}

export function openDraft(message: IngestMessage, address: Address): Draft {
  const ingested = {
    codec: address.kind === 'addressed' ? address.codec : ('unknown' as const),
    frameCount: 0,
    quarantinedCount: 0,
    quarantineReasons: [],
    records: [],
    answers: [],
  };
  return { message, address, ingested, checkedCount: 0 };
}

/** Of the frame at hand: the message's own, counted on. */
export function originOf({ message, ingested }: Draft): Origin {
  const { bridge, epoch, sequence } = message.origin;
  return { bridge, epoch, sequence: sequence + ingested.frameCount };
}
