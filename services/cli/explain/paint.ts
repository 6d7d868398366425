// Colour for a terminal, nothing for a pipe. Only these few tones, so that red stays loud.

export type Tone = 'plain' | 'quiet' | 'head' | 'good' | 'doubt' | 'fault';

export type Paint = (tone: Tone, text: string) => string;

const codes: Readonly<Record<Exclude<Tone, 'plain'>, string>> = {
  quiet: '2',
  head: '1',
  good: '32',
  doubt: '33',
  fault: '1;31',
};

export function paintFor({ isColoured }: { readonly isColoured: boolean }): Paint {
  if (!isColoured) return (_, text) => text;
  return (tone, text) => (tone === 'plain' ? text : `\x1b[${codes[tone]}m${text}\x1b[0m`);
}
