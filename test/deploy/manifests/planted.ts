// How a planted fault is written: the rule that must find it, and what breaks an installation.

import type { Breakable } from './rendered.ts';

export interface Planted {
  /** The promise of the rule. */
  readonly rule: string;
  readonly faults: Readonly<Record<string, (installation: Breakable) => void>>;
}
