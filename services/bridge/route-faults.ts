// What is wrong with the routes that were set, each place with what is wanted and found.

import type { ConfigFault } from '#shared/runtime/config.ts';
import { downTopic, type Route } from '#shared/topics.ts';

export function routeFaults(routes: readonly Route[]): readonly ConfigFault[] {
  const texts = routes.flatMap((route, at) => {
    const fault = faultAlone(route) ?? answersFault(route) ?? overlapFault(route, routes, at);
    return fault === null ? [] : [`BRIDGE_ROUTES[${at}] "${route.filter}": ${fault}`];
  });
  return texts.map((text) => ({ name: 'BRIDGE_ROUTES', text }));
}

function faultAlone({ filter, idLevel }: Route): string | null {
  const levels = filter.split('/');
  if (filter.startsWith('$')) return 'want no $share or $SYS, the bridge adds its group';
  if (!isFilter(levels)) return 'want + and # alone in their level, # last';
  if (levels[idLevel] === '+') return null;
  return `want level ${idLevel} (idLevel) to be +, found ${levels[idLevel]}`;
}

/** The bridge would read what it has answered. */
function answersFault({ filter, codec }: Route): string | null {
  const answers = downTopic('+', codec);
  return doOverlap(filter, answers) ? `want it apart from the answers, ${answers}` : null;
}

/** A broker deals a message once for each filter of a group: the bridge would get it twice. */
function overlapFault({ filter }: Route, routes: readonly Route[], at: number): string | null {
  const first = routes.slice(0, at).findIndex((route) => doOverlap(route.filter, filter));
  if (first < 0) return null;
  if (routes[first]?.filter === filter) return `want each filter once, found it at ${first} too`;
  return `want each topic under one filter, found some under that at ${first} too`;
}

/** MQTT 5 section 4.7.1. */
function isFilter(levels: readonly string[]): boolean {
  return levels.every((level, at) => {
    if (level === '#') return at === levels.length - 1;
    return level === '+' || !/[+#\0]/.test(level);
  });
}

/** Is there a topic that both take? */
function doOverlap(one: string, other: string): boolean {
  const [a, b] = [one.split('/'), other.split('/')];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [x, y] = [a[at], b[at]];
    // MQTT 5 section 4.7.1.2: # takes the level above it, too.
    if (x === '#' || y === '#') return true;
    if (x === undefined || y === undefined) return false;
    if (x !== '+' && y !== '+' && x !== y) return false;
  }
  return true;
}
