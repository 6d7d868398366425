// The few shapes of PromQL that the tables use. Each selects the chosen namespace and pods, so that
// no panel can show another environment.

import type { Color, Query } from './dashboard.ts';

/** A line of a panel, or its number. */
export function line(legend: string, expr: string, color?: Color): Query {
  return { legend, expr, ...(color && { color }) };
}

/** The series of one metric; `more` are further matchers. */
export function of(metric: string, more?: string): string {
  return selector(metric, ['namespace="$namespace"', 'pod=~"$pod"', more]);
}

/** Of something that is no pod of the dashboard: the namespace alone. */
export function inNamespace(metric: string, more?: string): string {
  return selector(metric, ['namespace="$namespace"', more]);
}

/** Increase per second, over a time that fits the picture and the scrape interval. */
export function rate(metric: string, more?: string): string {
  return `rate(${of(metric, more)}[$__rate_interval])`;
}

export function rateInNamespace(metric: string, more?: string): string {
  return `rate(${inNamespace(metric, more)}[$__rate_interval])`;
}

export function increase(metric: string): string {
  return `increase(${of(metric)}[$__rate_interval])`;
}

/** The value that a share of the observations stays below. */
export function quantile(share: number, histogram: string, by = 'le'): string {
  return `histogram_quantile(${share}, ${sumBy(by, rate(`${histogram}_bucket`))})`;
}

export const ratio = (part: string, whole: string): string => `${part} / ${whole}`;
export const sum = (expr: string): string => `sum(${expr})`;
export const max = (expr: string): string => `max(${expr})`;
export const min = (expr: string): string => `min(${expr})`;
export const avg = (expr: string): string => `avg(${expr})`;
export const count = (expr: string): string => `count(${expr})`;
export const sumBy = (labels: string, expr: string): string => `sum by (${labels}) (${expr})`;
export const minBy = (labels: string, expr: string): string => `min by (${labels}) (${expr})`;
export const maxBy = (labels: string, expr: string): string => `max by (${labels}) (${expr})`;
export const countBy = (labels: string, expr: string): string => `count by (${labels}) (${expr})`;

function selector(metric: string, matchers: readonly (string | undefined)[]): string {
  return `${metric}{${matchers.filter((matcher) => matcher !== undefined).join(', ')}}`;
}
