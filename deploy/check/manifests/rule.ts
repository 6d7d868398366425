// What a rule is: a promise about an installation, and who breaks it.

import type { Fault } from './fault.ts';
import type { Manifest } from './manifest.ts';

export interface Installation {
  /** `prod`, `dev with canary`, or the path of somebody's own overlay. */
  readonly name: string;
  /** In dev one replica and images by tag will do. */
  readonly environment: 'dev' | 'prod';
  /** What `deploy/overlays` ships may hold zeros where only its user knows a digest. */
  readonly isShipped: boolean;
  readonly objects: readonly Manifest[];
  /** The data of tuning.yaml. */
  readonly tuning: ReadonlyMap<string, string>;
}

export interface Rule {
  /** Words for the line that tells how it went: `pods are restricted`. */
  readonly promise: string;
  readonly check: (installation: Installation) => readonly Fault[];
}
