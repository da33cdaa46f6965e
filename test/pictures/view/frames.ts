// Data frames of what Prometheus answered, in the form Grafana's Prometheus data source gives them.

import { FieldType, type DataFrame, type Field } from '@grafana/data';
import type { Target } from './model';
import type { Result, Sample } from './prometheus';

export interface Answered {
  target: Target;
  result: Result;
  /** Seconds; of a range query. */
  step?: number;
}

/** All frames of a panel: series one by one, the results of table queries as one frame a query. */
export function framesOf(answers: readonly Answered[]): DataFrame[] {
  const tables = answers.filter(({ target }) => target.format === 'table');
  const tableQueries = new Set(
    tables.filter(({ result }) => result.samples.length).map(({ target }) => target.refId),
  );
  const series = answers
    .filter(({ target }) => target.format !== 'table')
    .flatMap((answer) => answer.result.samples.map((sample) => seriesFrame(answer, sample)));
  return [
    ...series,
    ...tables
      .filter(({ result }) => result.samples.length)
      .map((answer) => tableFrame(answer, tableQueries.size > 1 ? `Value #${answer.target.refId}` : 'Value')),
  ];
}

function seriesFrame({ target, result, step }: Answered, sample: Sample): DataFrame {
  const name = nameOf(target, sample.metric);
  return {
    refId: target.refId,
    ...(name ? { name } : {}),
    meta: { custom: { resultType: result.type } },
    length: sample.values.length,
    fields: [
      timeField(
        sample.values.map(([seconds]) => seconds * 1000),
        step,
      ),
      {
        name: 'Value',
        type: FieldType.number,
        labels: sample.metric,
        config: name ? { displayNameFromDS: name } : {},
        values: sample.values.map(([, value]) => numberOf(value)),
      },
    ],
  };
}

function tableFrame({ target, result, step }: Answered, valueName: string): DataFrame {
  const labels = [...new Set(result.samples.flatMap(({ metric }) => Object.keys(metric).sort()))];
  const rows = result.samples
    .flatMap(({ metric, values }) =>
      values.map(([seconds, value]) => ({ time: seconds * 1000, metric, value: numberOf(value) })),
    )
    .sort((a, b) => a.time - b.time);
  return {
    refId: target.refId,
    meta: { custom: { resultType: result.type } },
    length: rows.length,
    fields: [
      timeField(
        rows.map(({ time }) => time),
        step,
      ),
      ...labels.map((name): Field => ({
        name,
        type: FieldType.string,
        config: { filterable: true },
        values: rows.map(({ metric }) => metric[name] ?? ''),
      })),
      { name: valueName, type: FieldType.number, config: {}, values: rows.map(({ value }) => value) },
    ],
  };
}

const timeField = (values: number[], step: number | undefined): Field => ({
  name: 'Time',
  type: FieldType.time,
  config: step === undefined ? {} : { interval: step * 1000 },
  values,
});

/** The name a series has from its query; none if Grafana is to find the label that tells it from the others. */
function nameOf({ legendFormat, expr }: Target, labels: Record<string, string>): string {
  if (legendFormat === '__auto') return Object.keys(labels).length ? '' : expr;
  if (legendFormat)
    return legendFormat.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
  const { __name__ = '', ...rest } = labels;
  const inner = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  if (!inner.length) return __name__ || expr;
  return `${__name__}{${inner.join(', ')}}`;
}

function numberOf(text: string): number {
  if (/inf/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return Number.parseFloat(text);
}
