// What a dashboard is, as its table says it: rows of panels, each with its query and with what good
// looks like. Knows nothing of Grafana's JSON.

export interface Dashboard {
  /** Of the file and, after `fleetwire-`, in Grafana: links and bookmarks hold on to it. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** A series of every pod that the variable `pod` offers. */
  readonly podsOf: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Panel {
  /** One number, or areas on top of each other. Default: lines over time. */
  readonly kind?: 'stat' | 'stacked';
  readonly title: string;
  /** What good looks like and where to look when it does not, in sentences. */
  readonly good: readonly string[];
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Where attention and where trouble begins. Without: there is no such place. */
  readonly limits?: Limits;
  /** Alerts that watch the same figure: their runbooks are linked. */
  readonly alerts?: readonly string[];
}

export interface Query {
  readonly expr: string;
  /** Grafana's legend: `{{label}}`. */
  readonly legend: string;
  /** For a line that means something by itself; the others are shades of one colour. */
  readonly color?: Color;
}

export type Color = 'green' | 'orange' | 'red' | 'blue' | 'text';

export interface Limits {
  readonly side: 'above' | 'below';
  readonly attention?: number;
  readonly trouble: number;
}

/** Grafana's names of units; a plain count is `short`. */
export type Unit =
  | 'short'
  | 'cps'
  | 's'
  | 'bytes'
  | 'Bps'
  | 'percentunit'
  | 'percent'
  | 'dtdurations';

/** Any value but none is trouble. */
export const mustBeZero: Limits = { side: 'above', trouble: 1e-9 };
