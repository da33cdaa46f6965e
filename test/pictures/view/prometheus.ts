// Prometheus' HTTP API, behind the proxy that serves this page.

export interface Sample {
  metric: Record<string, string>;
  /** Pairs of seconds and value. */
  values: [number, string][];
}

export interface Result {
  type: 'matrix' | 'vector' | 'scalar' | 'string';
  samples: Sample[];
}

interface Reply {
  status: string;
  error?: string;
  data?: unknown;
}

async function get(path: string, params: Record<string, string | number>): Promise<unknown> {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)]));
  const response = await fetch(`/prometheus/api/v1/${path}?${query}`);
  const text = await response.text();
  let reply: Reply;
  try {
    reply = JSON.parse(text) as Reply;
  } catch {
    throw new Error(`Prometheus answers ${response.status}: ${text.slice(0, 200)}`);
  }
  if (reply.status !== 'success') throw new Error(reply.error ?? `Prometheus answers ${response.status}`);
  return reply.data;
}

interface RawResult {
  resultType: Result['type'];
  result: unknown;
}

function resultOf(data: unknown): Result {
  const { resultType, result } = data as RawResult;
  if (resultType === 'scalar' || resultType === 'string')
    return { type: resultType, samples: [{ metric: {}, values: [result as [number, string]] }] };
  const list = result as {
    metric: Record<string, string>;
    value?: [number, string];
    values?: [number, string][];
  }[];
  return {
    type: resultType,
    samples: list.map(({ metric, value, values }) => ({ metric, values: values ?? (value ? [value] : []) })),
  };
}

export const queryRange = async (query: string, start: number, end: number, step: number): Promise<Result> =>
  resultOf(await get('query_range', { query, start, end, step }));

export const queryInstant = async (query: string, time: number): Promise<Result> =>
  resultOf(await get('query', { query, time }));

export const labelValues = async (
  label: string,
  start: number,
  end: number,
  match?: string,
): Promise<string[]> =>
  (await get(`label/${encodeURIComponent(label)}/values`, {
    start,
    end,
    ...(match ? { 'match[]': match } : {}),
  })) as string[];

export const labelNames = async (start: number, end: number, match?: string): Promise<string[]> =>
  (await get('labels', { start, end, ...(match ? { 'match[]': match } : {}) })) as string[];
