// What each part of a program says about itself; the ops server shows it, nobody acts on it here.

export type PartState = 'starting' | 'ready' | 'failing' | 'draining';

export interface Part {
  /** `detail` says why in a few words; the instant of the last change of state is kept. */
  set(state: PartState, detail?: string): void;
}

export interface PartReport {
  readonly name: string;
  readonly state: PartState;
  readonly detail?: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

export interface HealthReport {
  /** True when there is a part and all parts are ready. */
  readonly isReady: boolean;
  /** Names of the parts that are not ready. */
  readonly unready: readonly string[];
  readonly parts: readonly PartReport[];
}

export interface Health {
  /** Registers a part as `starting`. Throws when the name is taken. */
  part(name: string): Part;
  report(): HealthReport;
}

/** `now` in epoch ms. */
export function createHealth(now: () => number = Date.now): Health {
  const parts = new Map<string, PartReport>();
  const set = (name: string, state: PartState, detail?: string) => {
    const before = parts.get(name);
    const since = before?.state === state ? before.since : new Date(now()).toISOString();
    parts.set(name, { name, state, ...(detail === undefined ? {} : { detail }), since });
  };
  return {
    part(name) {
      if (parts.has(name)) throw new Error(`a part named ${name} is registered already`);
      set(name, 'starting');
      return { set: (state, detail) => set(name, state, detail) };
    },
    report() {
      const all = [...parts.values()];
      const unready = all.filter(({ state }) => state !== 'ready').map(({ name }) => name);
      return { isReady: all.length > 0 && unready.length === 0, unready, parts: all };
    },
  };
}
