// What one line can say of a record: what it is, when it happened, when it came.

import type { Frame } from './vehicle-look.ts';

export interface FrameFacts {
  readonly what: string;
  readonly eventTime: number | null;
  readonly receivedTime: number | null;
}

export function factsOf({ decoded }: Frame): FrameFacts {
  if (decoded === null) return { what: 'tombstone', eventTime: null, receivedTime: null };
  switch (decoded.kind) {
    case 'telemetry.v1': {
      const { isReissued, isPartial, eventTime, receivedTime } = decoded.value;
      const what = `${isReissued ? 'reissued report' : 'report'}${isPartial ? ', partial' : ''}`;
      return { what, eventTime, receivedTime };
    }
    case 'lifecycle.v1': {
      const { event, eventTime, receivedTime } = decoded.value;
      return { what: event, eventTime, receivedTime };
    }
    case 'quarantine.v1': {
      const { reason, lastSeenTime } = decoded.value;
      return { what: `refused: ${reason}`, eventTime: null, receivedTime: lastSeenTime };
    }
    case 'state.v1':
      return { what: 'state', eventTime: decoded.value.lastEventTime, receivedTime: null };
    case 'fault':
      return { what: `undecodable: ${decoded.code}`, eventTime: null, receivedTime: null };
  }
}
