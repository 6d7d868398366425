// From an MQTT topic to the vehicle and the codec, by the routes table. Knows no broker.

import type { RejectCode } from '../frame/outcome.ts';
import type { IdentityPolicy } from '../telemetry/interpretation.ts';
import { type Codec, downTopic, type Route } from '../topics.ts';
import { framePrefix } from './frame-id.ts';

export type Address = Addressed | Unaddressed;

/** All that the frames of one topic share. */
export interface Addressed {
  readonly kind: 'addressed';
  readonly vehicleId: string;
  readonly codec: Codec;
  /** vehicleId as UTF-8: the key of its records. */
  readonly key: Buffer;
  readonly hashPrefix: Buffer;
  readonly downTopic: string;
  readonly identity: IdentityPolicy;
}

/** A topic that no route serves: its payload goes to quarantine. */
export interface Unaddressed {
  readonly kind: 'unaddressed';
  readonly code: Extract<RejectCode, 'topic_unknown' | 'codec_unknown'>;
  readonly detail: string;
  /** Empty where the topic has none that can be used. */
  readonly vehicleId: string;
  readonly key: Buffer;
  readonly hashPrefix: Buffer;
}

export type AddressOf = (mqttTopic: string) => Address;

/** About 0.8 KiB of memory each (measured). When full, all are forgotten and learnt anew. */
const cachedTopicsMax = 32_768;

/** Longer ones are looked up each time, so that strange topics cannot fill the memory. */
const cachedTopicLengthMax = 256;

/** A common name of X.509 has 64 characters at most (RFC 5280); twice that for other schemes. */
const vehicleIdLengthMax = 128;

export function createAddressBook(routes: readonly Route[]): AddressOf {
  const parsed = routes.map((route) => ({ route, levels: route.filter.split('/') }));
  const known = new Map<string, Address>();
  return (mqttTopic) => {
    const cached = known.get(mqttTopic);
    if (cached !== undefined) return cached;
    const address = findAddress(parsed, mqttTopic);
    if (mqttTopic.length > cachedTopicLengthMax) return address;
    if (known.size >= cachedTopicsMax) known.clear();
    known.set(mqttTopic, address);
    return address;
  };
}

interface ParsedRoute {
  readonly route: Route;
  readonly levels: readonly string[];
}

/** The first route that matches wins. */
function findAddress(routes: readonly ParsedRoute[], mqttTopic: string): Address {
  const levels = mqttTopic.split('/');
  const match = routes.find((parsed) => isMatch(parsed.levels, levels));
  if (match !== undefined) return addressOn(match.route, levels);
  const near = routes.find((parsed) => isMatch(anyCodec(parsed), levels));
  if (near === undefined) return refuse('topic_unknown', 'no route has a filter for this topic');
  const sibling = addressOn(near.route, levels);
  const vehicleId = sibling.vehicleId;
  return refuse('codec_unknown', `no route fits; the nearest is ${near.route.filter}`, vehicleId);
}

function addressOn(route: Route, levels: readonly string[]): Address {
  const vehicleId = levels[route.idLevel];
  const fault = vehicleId === undefined ? 'is missing' : idFault(vehicleId);
  if (vehicleId === undefined || fault !== null) {
    return refuse('topic_unknown', `level ${route.idLevel}, the vehicle's id, ${fault}`);
  }
  return {
    kind: 'addressed',
    vehicleId,
    codec: route.codec,
    key: Buffer.from(vehicleId, 'utf8'),
    hashPrefix: framePrefix(vehicleId, route.codec),
    downTopic: downTopic(vehicleId, route.codec),
    identity: route.identity ?? 'strict',
  };
}

function refuse(code: Unaddressed['code'], detail: string, vehicleId = ''): Unaddressed {
  const key = Buffer.from(vehicleId, 'utf8');
  // Without a codec there is no protocol family: the level stays empty.
  return {
    kind: 'unaddressed',
    code,
    detail,
    vehicleId,
    key,
    hashPrefix: framePrefix(vehicleId, ''),
  };
}

/** An id must be able to stand in the topic that its answers go to (MQTT 5 clause 4.7.3). */
function idFault(vehicleId: string): string | null {
  if (vehicleId === '') return 'is empty';
  if (vehicleId.length > vehicleIdLengthMax) {
    return `has ${vehicleId.length} characters, at most ${vehicleIdLengthMax}`;
  }
  if (/[+#\0]/.test(vehicleId)) return 'holds a wildcard or U+0000';
  return vehicleId.isWellFormed() ? null : 'is no well-formed Unicode';
}

/** MQTT 5 clause 4.7: `+` is one level, `#` the parent and all below; neither matches `$…`. */
function isMatch(filter: readonly string[], topic: readonly string[]): boolean {
  if (topic[0]?.startsWith('$') && (filter[0] === '+' || filter[0] === '#')) return false;
  for (let level = 0; level < filter.length; level += 1) {
    const wanted = filter[level];
    if (wanted === '#') return true;
    if (level >= topic.length) return false;
    if (wanted !== '+' && wanted !== topic[level]) return false;
  }
  return topic.length === filter.length;
}

/** The filter with its codec's name open: tells a strange codec from a strange topic. */
function anyCodec({ route, levels }: ParsedRoute): readonly string[] {
  return levels.map((level, at) => (at !== route.idLevel && level === route.codec ? '+' : level));
}
