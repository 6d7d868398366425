// Whose a metric is, by its name, and which names a text holds.

/** Of our services, the process and Node.js figures of each among them. */
export function isOurs(name: string): boolean {
  return /^(fleetwire|process|nodejs)_/.test(name);
}

/** Names of our metrics and of those of others that we look at, where they stand as code. */
export function namedIn(markdown: string): readonly string[] {
  const code = [...markdown.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([text]) => text);
  const names = code.flatMap((text) => text.match(namePattern) ?? []);
  return [...new Set(names)];
}

const owners = 'fleetwire|emqx|kube|keda|certmanager|kafka';

const namePattern = new RegExp(`(?<![\\w:./-])(?:${owners})_[a-z0-9_]+(?![\\w.*/-])`, 'g');
