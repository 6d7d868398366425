// Topics and filters, as MQTT 5 section 4.7 has them, and shared filters (section 4.8.2).

/** A filter to be asked for many topics. */
export function matcherOf(filter: string): (topic: string) => boolean {
  const wanted = filter.split('/');
  const isWild = wanted[0] === '+' || wanted[0] === '#';
  return (topic) => {
    // Section 4.7.2: wildcards do not reach topics that begin with $.
    if (isWild && topic.startsWith('$')) return false;
    const levels = topic.split('/');
    for (const [at, level] of wanted.entries()) {
      if (level === '#') return true;
      if (at >= levels.length) return false;
      if (level !== '+' && level !== levels[at]) return false;
    }
    return levels.length === wanted.length;
  };
}

export interface SharedFilter {
  readonly group: string;
  readonly filter: string;
}

/** Null where the filter is a plain one; throws where it is neither. */
export function sharedFilterOf(text: string): SharedFilter | null {
  if (!text.startsWith('$share/')) return null;
  const [, group = '', ...levels] = text.split('/');
  if (group === '' || /[+#]/.test(group) || levels.length === 0) {
    throw new Error(`wanted $share/name/filter, found ${text}`);
  }
  return { group, filter: levels.join('/') };
}
