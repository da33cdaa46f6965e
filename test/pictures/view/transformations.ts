// Transformations: Grafana's own, and "Time series to table", which its packages do not export.

import {
  DataTransformerID,
  FieldType,
  isTimeSeriesFrame,
  reduceField,
  ReducerID,
  standardTransformers,
  standardTransformersRegistry,
  transformDataFrame,
  type DataFrame,
  type DataTransformerInfo,
  type Field,
  type TransformerRegistryItem,
} from '@grafana/data';
import { firstValueFrom, map } from 'rxjs';
import type { PanelModel } from './model';
import type { Variables } from './variables';

type Stats = Record<string, { stat?: ReducerID; timeField?: string } | undefined>;

const timeSeriesTable: DataTransformerInfo<Stats> = {
  id: DataTransformerID.timeSeriesTable,
  name: 'Time series to table',
  defaultOptions: {},
  operator: (options) => (source) => source.pipe(map((frames) => toTables(frames, options))),
};

/** One table per query: the labels, and the series itself with its reduced value in the field "Trend". */
function toTables(frames: DataFrame[], options: Stats): DataFrame[] {
  const isSeries = (frame: DataFrame) => isTimeSeriesFrame(frame) && frame.refId;
  const refIds = [...new Set(frames.filter(isSeries).map(({ refId }) => refId!))];
  return [...frames.filter((frame) => !isSeries(frame)), ...refIds.map((refId) => toTable(refId))];

  function toTable(refId: string): DataFrame {
    const own = frames.filter((frame) => isSeries(frame) && frame.refId === refId);
    const series = own.flatMap((frame) => {
      const { timeField } = options[refId] ?? {};
      const time = frame.fields.find(({ name, type }) =>
        timeField ? name === timeField : type === FieldType.time,
      );
      return time
        ? frame.fields
            .filter(({ type }) => type === FieldType.number)
            .map((value) => ({ frame, time, value }))
        : [];
    });
    const stat = options[refId]?.stat ?? ReducerID.lastNotNull;
    const labels = [...new Set(series.flatMap(({ value }) => Object.keys(value.labels ?? {})))];
    const text = (name: string): Field => ({
      name,
      type: FieldType.string,
      config: {},
      values: series.map(({ value }) => value.labels?.[name] ?? ''),
    });
    const trend: Field = {
      name: `Trend #${refId}`,
      type: FieldType.frame,
      config: {},
      values: series.map(({ frame, time, value }) => ({
        ...frame,
        fields: [time, value],
        value: (reduceField({ field: value, reducers: [stat] })[stat] as number | undefined) ?? null,
      })),
    };
    return { refId, length: series.length, fields: [...labels.map(text), trend] };
  }
}

export function registerTransformations(): void {
  const item = (info: DataTransformerInfo): TransformerRegistryItem =>
    ({
      id: info.id,
      name: info.name,
      transformation: () => Promise.resolve(info),
    }) as unknown as TransformerRegistryItem;
  const all = new Map<string, DataTransformerInfo>();
  for (const info of [...Object.values(standardTransformers), timeSeriesTable]) all.set(info.id, info);
  standardTransformersRegistry.setInit(() => [...all.values()].map(item));
}

export const transformed = (
  panel: PanelModel,
  frames: DataFrame[],
  variables: Variables,
): Promise<DataFrame[]> =>
  firstValueFrom(transformDataFrame(panel.transformations ?? [], frames, { interpolate: variables.replace }));
