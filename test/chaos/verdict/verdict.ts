// The verdict on one round: the ledger's own check, and what only the witness can tell.

import { checkLedger, type Reconciliation } from '#loadtest/ledger/check.ts';
import type { Conservation } from '#loadtest/ledger/conservation.ts';
import type { Copy, Send } from '#loadtest/ledger/slots.ts';
import type { Happening } from '../timeline.ts';
import type { MqttWitness } from '../witness/mqtt-witness.ts';
import type { Breach } from './breach.ts';
import { type Duplicates, duplicatesOf, isDuring, isSecondDeal } from './duplicates.ts';
import { type Evidence, Fates } from './fates.ts';
import { type LostFrames, lostOf } from './lost.ts';

export interface RoundEvidence extends Evidence {
  readonly witness: Pick<MqttWitness, 'deliveries' | 'breaches' | 'sessions'>;
  /** Epoch ms: of the round. */
  readonly startAt: number;
  readonly happenings: readonly Happening[];
  readonly conservation: Conservation;
}

export interface Verdict extends LostFrames {
  readonly frames: number;
  readonly stored: number;
  readonly quarantined: number;
  readonly duplicates: Duplicates;
  readonly altered: number;
  readonly phantom: number;
  /** Within one tenure. */
  readonly inversions: number;
  /** Delivered again by the broker after what had come later. */
  readonly lateByRedelivery: number;
  readonly answersEarly: number;
  readonly answersMissing: number;
  readonly scrapes: number;
  readonly unbalanced: number;
  /** Empty: every promise was kept. */
  readonly breaches: readonly Breach[];
  readonly fates: Fates;
}

export function verdictOf(evidence: RoundEvidence): Verdict {
  const { ledger, records, conservation, happenings, witness } = evidence;
  const redeliveryMax = Number.POSITIVE_INFINITY;
  const fates = new Fates(evidence);
  const wasDealtBefore = (send: Send, { receivedAt }: Copy) => {
    return isSecondDeal(fates.deliveriesOf(send.message), receivedAt);
  };
  const check = { ledger, records, conservation, redeliveryMax, skewMs: 0, wasDealtBefore };
  const found = checkLedger(check);
  const breaches: Breach[] = [];
  const losses = lostOf(fates.all, happenings, breaches);
  const duplicates = duplicatesOf(fates.all, happenings, breaches);
  breaches.push(...ledgerBreaches(found, happenings), ...endedBreaches(evidence));
  for (const what of witness.breaches) breaches.push({ promise: 'PUBACKs in turn', found: what });
  for (const { name, fault } of happenings) {
    if (fault !== null) breaches.push({ promise: name, found: fault });
  }
  return {
    frames: found.sentCount,
    stored: found.storedCount,
    quarantined: found.quarantinedCount,
    ...losses,
    duplicates,
    altered: found.altered.count,
    phantom: found.phantom.count,
    inversions: found.outOfOrder.unexplained.count,
    lateByRedelivery: found.outOfOrder.explained.count,
    answersEarly: found.answers.early.count,
    answersMissing: found.answers.missing.count,
    scrapes: conservation.scrapeCount,
    unbalanced: conservation.breaches.count,
    breaches,
    fates,
  };
}

/** A bridge keeps its connections, whatever is away, unless something ends them. */
function endedBreaches({ witness, happenings, startAt }: RoundEvidence): readonly Breach[] {
  return witness.sessions.flatMap(({ link, clientId, closedAt, isLeft, openedAt }) => {
    if (closedAt === null || closedAt < startAt || isLeft) return [];
    if (isDuring(happenings, 'connectionsEnd', closedAt)) return [];
    const found = `${link} as ${clientId}, after ${closedAt - openedAt} ms`;
    return [{ promise: 'the connection lives', found }];
  });
}

function ledgerBreaches(
  { altered, phantom, outOfOrder, sharedOrigins, answers, conservation }: Reconciliation,
  happenings: readonly Happening[],
): readonly Breach[] {
  // What is lost in the broker is answered by nobody.
  const mayLoseAnswers = happenings.some(
    ({ excuses }) => excuses.answersLost || excuses.lostInBroker,
  );
  const missing = mayLoseAnswers ? { examples: [] } : answers.missing;
  const promised = {
    'stored as it was sent': altered,
    'nothing that nobody sent': phantom,
    'order within a tenure': outOfOrder.unexplained,
    'an origin names one frame': sharedOrigins,
    'answered means stored': answers.early,
    'answers are asked for': answers.strange,
    'what wants an answer gets one': missing,
    'the ledger balances': conservation.breaches,
  };
  return Object.entries(promised).flatMap(([promise, { examples }]) =>
    examples.map((example) => ({ promise, found: example, ...namesOf(example) })),
  );
}

/** The examples of the check begin with the vehicle, and some name a message. */
function namesOf(example: string): Pick<Breach, 'vehicleId' | 'messageNo'> {
  const vehicleId = /\bFW[A-HJ-NPR-Z0-9]{15}\b/.exec(example)?.[0];
  const messageNo = /message (\d+)/.exec(example)?.[1];
  return {
    ...(vehicleId !== undefined && { vehicleId }),
    ...(messageNo !== undefined && { messageNo: Number(messageNo) }),
  };
}
