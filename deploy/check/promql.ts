// Finds in a PromQL expression which series it asks for. No parser: it reads tokens, enough to tell
// metrics from functions, keywords and labels. Whether an expression is right, Prometheus says.

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** In the order of the text. */
export function selectorsOf(expr: string): readonly Selector[] {
  const tokens = tokensOf(expr).filter(({ kind }) => kind !== 'blank');
  const selectors: Selector[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]!;
    const next = tokens[at + 1];
    if (token.kind === 'braces') {
      // Without a name before it: the name is a matcher.
      const matchers = matchersOf(token.text);
      const name = matchers.find(({ label }) => label === '__name__');
      selectors.push({ metric: name?.value ?? '', matchers });
    }
    if (token.kind !== 'name') continue;
    if (takesLabels.has(token.text.toLowerCase()) && next?.text === '(') {
      at = tokens.findIndex(({ text }, index) => index > at && text === ')');
    } else if (!isWord(token.text, next)) {
      const braces = next?.kind === 'braces' ? next.text : '';
      selectors.push({ metric: token.text, matchers: matchersOf(braces) });
      if (braces !== '') at += 1;
    }
  }
  return selectors;
}

/** Each once, in the order of the text. */
export function metricsOf(expr: string): readonly string[] {
  return [...new Set(selectorsOf(expr).map(({ metric }) => metric))];
}

/**
 * The expression with every comparison answering 0 or 1 instead of leaving samples out: where the
 * original is silent because all is well, this one still shows that it looks at something.
 */
export function withoutFilters(expr: string): string {
  const tokens = tokensOf(expr);
  return tokens
    .map(({ kind, text }, at) => {
      const next = tokens.slice(at + 1).find((token) => token.kind !== 'blank');
      return kind === 'comparison' && next?.text !== 'bool' ? `${text} bool` : text;
    })
    .join('');
}

const takesLabels: ReadonlySet<string> = new Set([
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
]);

const keywords: ReadonlySet<string> = new Set([
  ...takesLabels,
  ...['and', 'or', 'unless', 'bool', 'offset', 'atan2', 'inf', 'nan'],
]);

/** No metric: a keyword, a function, an aggregation whose labels may stand before its bracket. */
function isWord(name: string, next: Token | undefined): boolean {
  if (keywords.has(name.toLowerCase())) return true;
  return next?.text === '(' || next?.text === 'by' || next?.text === 'without';
}

interface Token {
  readonly kind: 'blank' | 'braces' | 'name' | 'comparison' | 'other';
  readonly text: string;
}

const string = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`/.source;

const grammar: readonly (readonly [Token['kind'], RegExp])[] = [
  ['blank', /\s+|#[^\n]*/y],
  ['braces', new RegExp(`\\{(?:${string}|[^}"'\`])*\\}`, 'y')],
  ['other', new RegExp(`${string}|\\[[^\\]]*\\]`, 'y')],
  // Numbers and durations: 0.5, 1e3, 5m, 1h30m.
  ['other', /\.?\d[\w.]*/y],
  ['name', /[a-zA-Z_:][\w:]*/y],
  ['comparison', /==|!=|<=|>=|<|>/y],
  ['other', /[\s\S]/y],
];

function tokensOf(expr: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let offset = 0; offset < expr.length; offset += tokens.at(-1)!.text.length) {
    tokens.push(tokenAt(expr, offset));
  }
  return tokens;
}

function tokenAt(expr: string, offset: number): Token {
  for (const [kind, pattern] of grammar) {
    pattern.lastIndex = offset;
    const found = pattern.exec(expr);
    if (found !== null) return { kind, text: found[0] };
  }
  throw new Error(`no token at ${offset} of ${expr}`);
}

const matcherPattern = new RegExp(`([\\w]+)\\s*(=~|!~|!=|=)\\s*(${string})`, 'g');

function matchersOf(braces: string): readonly Matcher[] {
  return [...braces.matchAll(matcherPattern)].map(([, label, operator, quoted]) => {
    const value = quoted!.slice(1, -1).replace(/\\(.)/g, '$1');
    return { label: label!, operator: operator as Matcher['operator'], value };
  });
}
