import {
  applyNullInsertThreshold,
  FieldType,
  getDisplayProcessor,
  nullToValue,
  type DataFrame,
  type Field,
} from '@grafana/data';
import type { VizLegendOptions } from '@grafana/schema';
import { TimeSeries } from '@grafana/ui';
import { Marks } from './marks';
import { optionsOf, type PanelProps } from './props';

/** Frames that can be plotted: gaps between samples as nulls, what is not a finite number as null, colours in order. */
export function graphable({ data, timeRange, theme }: PanelProps): DataFrame[] {
  let seriesIndex = 0;
  return data
    .map((frame): DataFrame => {
      const whole = applyNullInsertThreshold({
        frame,
        refFieldPseudoMin: timeRange.from.valueOf(),
        refFieldPseudoMax: timeRange.to.valueOf(),
      });
      const fields = nullToValue(whole).fields.map((field): Field => {
        if (field.type !== FieldType.number) return field;
        const plotted: Field = {
          ...field,
          values: field.values.map((value: unknown) =>
            Number.isFinite(value) || value === undefined ? value : null,
          ),
          state: { ...field.state, seriesIndex: seriesIndex++ },
        };
        plotted.display = getDisplayProcessor({ field: plotted, theme });
        return plotted;
      });
      return { ...frame, length: whole.length, fields };
    })
    .filter(
      ({ fields }) =>
        fields.some(({ type }) => type === FieldType.time) &&
        fields.some(({ type }) => type === FieldType.number),
    );
}

export function TimeSeriesPanel(props: PanelProps) {
  const { legend, timezone } = optionsOf<{ legend: VizLegendOptions; timezone?: string[] }>(props);
  const { theme, timeZone, timeRange, width, height, marks } = props;
  return (
    <TimeSeries
      frames={graphable(props)}
      structureRev={1}
      width={width}
      height={height}
      timeRange={timeRange}
      timeZone={timezone?.length ? timezone.map((zone) => zone || timeZone) : timeZone}
      legend={legend}
    >
      {(config) => <Marks config={config} marks={marks} theme={theme} />}
    </TimeSeries>
  );
}
