// The serials of JT/T 808 headers: one more with each frame of a terminal, from 0 after 65535. A
// capture may lack frames, so a leap is no fault; one that comes again or goes back is.

import { leavesOf } from '#shared/frame/explain-parts.ts';
import type { Examined } from './examine.ts';
import { findingAt } from './examine.ts';
import { type Follower, lifeOf } from './follow.ts';
import { addFinding, countChecked, type Report } from './report.ts';

interface Sent extends Examined {
  readonly vehicleId: string;
}

export function followSerials(report: Report, follower: Follower, sent: Sent): void {
  const life = lifeOf(follower, sent.vehicleId);
  for (const [index, { kind }] of sent.outcomes.entries()) {
    const frame = sent.told[index];
    if (kind === 'reject' || frame === undefined) continue;
    const fields = [...leavesOf(frame.parts)];
    const field = fields.find(({ name }) => name === 'serial');
    if (field === undefined) continue;
    const serial = Number(field.raw);
    const before = life.headerSerial;
    life.headerSerial = serial;
    if (before === null) continue;
    countChecked(report, 'serials');
    // Forward by less than half of the circle; a start from 0 is a terminal that was switched on.
    const step = (serial - before + 65_536) % 65_536;
    if ((step > 0 && step < 32_768) || serial === 0) continue;
    const detail = `serial ${serial} after ${before}`;
    addFinding(report, 'serials', findingAt(sent.entry, field.at, sent.vehicleId, detail));
  }
}
