// From series to the coloured spans of state timelines and status histories.

import {
  applyNullInsertThreshold,
  FALLBACK_COLOR,
  FieldType,
  formattedValueToString,
  getActiveThreshold,
  getFieldDisplayName,
  getValueFormat,
  nullToValue,
  ThresholdsMode,
  type Field,
  type FieldConfig,
  type GrafanaTheme2,
} from '@grafana/data';
import type { VizLegendItem } from '@grafana/ui';
import type { PanelProps } from './props';

export interface Span {
  /** Milliseconds; `to` is open for single samples. */
  from: number;
  to: number;
  text: string;
  color: string;
}

export interface Row {
  name: string;
  field: Field;
  times: number[];
  spans: Span[];
}

interface Custom {
  spanNulls?: boolean | number;
  hideFrom?: { viz?: boolean; legend?: boolean };
}

const customOf = ({ config }: Field) => (config.custom ?? {}) as Custom;

/** One row per series. `merge` joins equal values that follow each other. */
export function rowsOf({ data, timeRange, theme }: PanelProps, changes: boolean, merge: boolean): Row[] {
  const rows: Row[] = [];
  for (const frame of data) {
    const whole = nullToValue(
      applyNullInsertThreshold({
        frame,
        refFieldPseudoMin: timeRange.from.valueOf(),
        refFieldPseudoMax: timeRange.to.valueOf(),
      }),
    );
    const time = whole.fields.find(({ type }) => type === FieldType.time);
    if (!time) continue;
    whole.fields.forEach((raw, index) => {
      if (raw.type === FieldType.time || raw.type === FieldType.other || customOf(raw).hideFrom?.viz) return;
      const name = getFieldDisplayName(frame.fields[index]!, frame, data);
      // When merging, Grafana shows the threshold a value is in, not the value nor its mapping.
      const field = merge && raw.config.color?.mode === 'thresholds' ? byThreshold(raw, theme) : raw;
      const times = time.values as number[];
      const end = timeRange.to.valueOf();
      rows.push({
        name,
        field,
        times,
        spans: changes ? changesOf(field, times, merge, end) : samplesOf(field, times),
      });
    });
  }
  return rows;
}

function changesOf(field: Field, times: number[], merge: boolean, end: number): Span[] {
  const values = bridged(field, times);
  const spans: Span[] = [];
  for (let at = 0; at < values.length;) {
    const value = values[at];
    let next = at + 1;
    while (next < values.length && (values[next] === undefined || (merge && values[next] === value))) next++;
    if (value !== null && value !== undefined) {
      spans.push({ from: times[at]!, to: next < values.length ? times[next]! : end, ...shown(field, value) });
    }
    at = next;
  }
  return spans;
}

const samplesOf = (field: Field, times: number[]): Span[] =>
  times.flatMap((time, at) => {
    const value = field.values[at] as unknown;
    return value === null || value === undefined ? [] : [{ from: time, to: time, ...shown(field, value) }];
  });

/** Nulls that the field's spanNulls reaches over become undefined: the value before them lasts. */
function bridged(field: Field, times: number[]): unknown[] {
  const { spanNulls } = customOf(field);
  const values = [...(field.values as unknown[])];
  const reach = spanNulls === true ? Infinity : spanNulls || 0;
  let last = -1;
  values.forEach((value, at) => {
    if (value === null || value === undefined) return;
    if (last >= 0 && times[at]! - times[last]! < reach) values.fill(undefined, last + 1, at);
    last = at;
  });
  return values;
}

function shown(field: Field, value: unknown): Pick<Span, 'text' | 'color'> {
  const display = field.display!(value);
  return { text: formattedValueToString(display), color: display.color ?? FALLBACK_COLOR };
}

function byThreshold(field: Field, theme: GrafanaTheme2): Field {
  const { thresholds } = field.config;
  if (field.type !== FieldType.number || !thresholds?.steps.length) return field;
  const items = thresholdItems(field.config, theme);
  const { min = 0, max = 100 } = { ...field.state?.range, ...field.config };
  const place = (value: number) =>
    thresholds.mode === ThresholdsMode.Percentage
      ? ((value - (min ?? 0)) / ((max ?? 100) - (min ?? 0))) * 100
      : value;
  const itemOf = (value: number) =>
    items[thresholds.steps.indexOf(getActiveThreshold(place(value), thresholds.steps))]!;
  const colors = new Map(items.map(({ label, color }) => [label, color]));
  return {
    ...field,
    type: FieldType.string,
    values: (field.values as (number | null | undefined)[]).map((value) =>
      value == null ? value : itemOf(value).label,
    ),
    display: (value) => ({ text: String(value), numeric: NaN, color: colors.get(String(value)) }),
  };
}

/** The legend: thresholds, or each state with its colour; none for a continuous scale. */
export function legendOf(rows: Row[], data: PanelProps['data'], theme: GrafanaTheme2): VizLegendItem[] {
  const first = data[0]?.fields.find(({ type }) => type !== FieldType.time);
  if (!first) return [];
  const mode = first.config.color?.mode ?? 'fixed';
  if (mode === 'thresholds' && (first.config.thresholds?.steps.length ?? 0) > 1)
    return thresholdItems(first.config, theme);
  if (mode.startsWith('continuous')) return [];
  const states = new Map<string, string>();
  for (const { field, spans } of rows)
    if (!customOf(field).hideFrom?.legend)
      for (const { text, color } of spans) if (text) states.set(text, color);
  return [...states].map(([label, color]) => ({ label, color, yAxis: 1 }));
}

function thresholdItems({ thresholds, unit, decimals }: FieldConfig, theme: GrafanaTheme2): VizLegendItem[] {
  const format = getValueFormat(thresholds!.mode === ThresholdsMode.Percentage ? 'percent' : (unit ?? ''));
  return thresholds!.steps.map(({ value, color }, index, steps) => {
    const below = value === -Infinity && index < steps.length - 1;
    const text = formattedValueToString(
      format(below ? steps[index + 1]!.value : value, decimals ?? undefined),
    );
    return {
      label: below ? `< ${text}` : `${text}+`,
      color: theme.visualization.getColorByName(color),
      yAxis: 1,
    };
  });
}
