// What a broker's CONNACK says about itself, and which of it no shared subscriber can live with.

import type { IConnackPacket } from 'mqtt';

/** MQTT 5 section 3.2.2.3; what a CONNACK leaves out has the standard's default. */
export interface BrokerLimits {
  /** Publishes that we may have without their PUBACK; EMQX answers with its own window here. */
  readonly receiveMaximum: number;
  readonly hasSharedSubscriptions: boolean;
  readonly hasWildcardSubscriptions: boolean;
  readonly qosMax: number;
  /** Null: the one that was asked for. */
  readonly sessionExpirySeconds: number | null;
  /** Null: the one that was asked for. */
  readonly keepaliveSeconds: number | null;
  /** Null: no limit. */
  readonly packetBytesMax: number | null;
}

const receiveMaximumDefault = 65_535;

export function limitsOf(properties: IConnackPacket['properties'] = {}): BrokerLimits {
  return {
    receiveMaximum: properties.receiveMaximum ?? receiveMaximumDefault,
    hasSharedSubscriptions: properties.sharedSubscriptionAvailable ?? true,
    hasWildcardSubscriptions: properties.wildcardSubscriptionAvailable ?? true,
    qosMax: properties.maximumQoS ?? 2,
    sessionExpirySeconds: properties.sessionExpiryInterval ?? null,
    keepaliveSeconds: properties.serverKeepAlive ?? null,
    packetBytesMax: properties.maximumPacketSize ?? null,
  };
}

/**
 * Why these filters must not be subscribed there: frames would be lost, doubled or stranded. Each
 * says what was wanted and found, and what to do; empty: nothing.
 */
export function unsafeIn(limits: BrokerLimits, filters: readonly string[]): readonly string[] {
  const isShared = filters.some((filter) => filter.startsWith('$share/'));
  const isWild = filters.some((filter) => /[+#]/.test(filter));
  const { sessionExpirySeconds, keepaliveSeconds } = limits;
  const faults: string[] = [];
  if (isShared && !limits.hasSharedSubscriptions) {
    faults.push('wanted shared subscriptions, found none: turn them on in the broker');
  }
  if (isWild && !limits.hasWildcardSubscriptions) {
    faults.push('wanted wildcard subscriptions, found none: turn them on in the broker');
  }
  if (limits.qosMax < 1) {
    faults.push('wanted QoS 1, found Maximum QoS 0: let the broker grant QoS 1');
  }
  if (sessionExpirySeconds !== null && sessionExpirySeconds > 0) {
    faults.push(
      'wanted a session that ends with its connection, found an expiry of ' +
        `${sessionExpirySeconds} s: let the broker take expiry 0 from this client`,
    );
  }
  if (keepaliveSeconds === 0) {
    faults.push('wanted a keepalive, found Server Keep Alive 0: let the broker miss dead clients');
  }
  return faults;
}

export interface WantedLimits {
  readonly receiveMaximum: number;
  readonly keepaliveSeconds: number;
  /** Of the largest packet that is expected. */
  readonly packetBytes: number;
}

export interface LimitWarning {
  readonly sentence: string;
  readonly wanted: number;
  readonly found: number;
}

/** What costs something, but breaks no promise. */
export function warningsOf(limits: BrokerLimits, wanted: WantedLimits): readonly LimitWarning[] {
  const { receiveMaximum, keepaliveSeconds, packetBytesMax } = limits;
  const warnings: LimitWarning[] = [];
  if (receiveMaximum < wanted.receiveMaximum) {
    warnings.push({
      sentence:
        'CONNACK has a smaller Receive Maximum than our window; EMQX cuts the window to it.',
      wanted: wanted.receiveMaximum,
      found: receiveMaximum,
    });
  }
  if (keepaliveSeconds !== null && keepaliveSeconds > wanted.keepaliveSeconds) {
    warnings.push({
      sentence: 'CONNACK has a longer keepalive: a dead replica keeps its share for longer.',
      wanted: wanted.keepaliveSeconds,
      found: keepaliveSeconds,
    });
  }
  if (packetBytesMax !== null && packetBytesMax < wanted.packetBytes) {
    warnings.push({
      sentence: 'CONNACK has a smaller Maximum Packet Size than the frames that we would take.',
      wanted: wanted.packetBytes,
      found: packetBytesMax,
    });
  }
  return warnings;
}
