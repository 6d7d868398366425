// What a Prometheus knows, asked over its HTTP API.

import assert from 'node:assert/strict';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface EvaluatedRule {
  readonly name: string;
  readonly group: string;
  readonly health: string;
  readonly lastError: string;
  /** Of an alert: those that hold now, fired or not yet. */
  readonly activeCount: number;
}

export class PrometheusView {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async metricNames(): Promise<ReadonlySet<string>> {
    return new Set(await this.#ask<readonly string[]>('label/__name__/values'));
  }

  /** Rejects with Prometheus' own words where it does not understand the expression. */
  async query(expr: string): Promise<readonly Sample[]> {
    const { resultType, result } = await this.#ask<Result>('query', { query: expr });
    if (resultType === 'scalar') return [{ labels: {}, value: Number(result[1]) }];
    return (result as Vector).map(({ metric, value }) => {
      return { labels: metric, value: Number(value[1]) };
    });
  }

  async rules(): Promise<readonly EvaluatedRule[]> {
    const { groups } = await this.#ask<{ readonly groups: readonly Group[] }>('rules');
    return groups.flatMap(({ name: group, rules }) =>
      rules.map(({ name, health, lastError = '', alerts = [] }) => {
        return { name, group, health, lastError, activeCount: alerts.length };
      }),
    );
  }

  async #ask<T>(path: string, parameters: Record<string, string> = {}): Promise<T> {
    const url = `${this.#url}/api/v1/${path}?${new URLSearchParams(parameters)}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    const { status, data, error } = (await answer.json()) as Answer<T>;
    assert.equal(status, 'success', `${parameters['query'] ?? path}: ${error}`);
    return data;
  }
}

interface Answer<T> {
  readonly status: string;
  readonly data: T;
  readonly error?: string;
}

type Vector = readonly {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}[];

type Result =
  | { readonly resultType: 'scalar'; readonly result: readonly [number, string] }
  | { readonly resultType: 'vector'; readonly result: Vector };

interface Group {
  readonly name: string;
  readonly rules: readonly {
    readonly name: string;
    readonly health: string;
    readonly lastError?: string;
    readonly alerts?: readonly unknown[];
  }[];
}
