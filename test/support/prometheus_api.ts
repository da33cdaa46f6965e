// Prometheus' HTTP API.

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Of an instant vector. */
  readonly value: Sample;
  /** Of a range vector. */
  readonly values: readonly Sample[];
}
export type Sample = readonly [at: number, value: string];

interface Answer<Data> {
  readonly status: string;
  readonly error?: string;
  readonly data: Data;
}

export async function ask<Data>(
  url: string,
  what: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Data> {
  const search = new URLSearchParams(parameters).toString();
  const response = await fetch(`${url}/api/v1/${what}?${search}`);
  const { status, error, data } = (await response.json()) as Answer<Data>;
  if (status !== 'success') throw new Error(`${parameters['query'] ?? what}: ${error}`);
  return data;
}

/** An instant query, now or at a Unix time; of a range vector it gives the samples as they are. */
export const query = async (url: string, promql: string, at?: number): Promise<readonly Series[]> =>
  (
    await ask<{ result: readonly Series[] }>(url, 'query', {
      query: promql,
      ...(at !== undefined && { time: `${at}` }),
    })
  ).result;

export interface Span {
  readonly start: number;
  readonly end: number;
}

export const queryRange = async (
  url: string,
  promql: string,
  { start, end }: Span,
  step: number,
): Promise<readonly Series[]> =>
  (
    await ask<{ result: readonly Series[] }>(url, 'query_range', {
      query: promql,
      start: `${start}`,
      end: `${end}`,
      step: `${step}`,
    })
  ).result;
