// The kinds of panels that the dashboards have.

import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableCellDisplayMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
  VizTooltipOptionsBuilder,
  BarGaugeDisplayMode,
  BarGaugeValueMode,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorModeId, type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { omit } from './omit';
import { colourBy, common, type Common, type Placed } from './panel';

export interface TimeSeries extends Common {
  readonly stacked?: true;
  /** Legend at the right, with these of each series. */
  readonly calcs?: readonly ('lastNotNull' | 'mean' | 'max' | 'min' | 'sum')[];
  /** The axis reaches at least so far: next to nothing does not fill the panel. */
  readonly softMax?: number;
  /** Lines only: many series that cover each other. */
  readonly bare?: true;
}

export const timeSeries = (panel: TimeSeries): Placed =>
  placed(panel, () => {
    const builder = common(new timeseries.PanelBuilder(), panel)
      .colorScheme(colourBy(FieldColorModeId.PaletteClassic))
      .lineWidth(1)
      .fillOpacity(panel.stacked ? 60 : panel.bare ? 0 : 8)
      .showPoints(VisibilityMode.Never)
      // A gap is a scrape that failed or a value that was not there.
      .spanNulls(false)
      .legend(
        new VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(panel.calcs ? LegendDisplayMode.Table : LegendDisplayMode.List)
          .placement(panel.calcs ? LegendPlacement.Right : LegendPlacement.Bottom)
          .calcs([...(panel.calcs ?? [])])
          // The largest first: there are more than fit.
          .sortBy('Max')
          .sortDesc(true),
      )
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
    if (panel.softMax !== undefined) builder.axisSoftMax(panel.softMax);
    if (panel.stacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
    if (panel.steps)
      builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
    return builder;
  });

export interface Stat extends Common {
  /** Colours the whole tile, for states. */
  readonly filled?: true;
  /** Without its course over time. */
  readonly plain?: true;
  /** Shows the names of the series, not their values. */
  readonly names?: true;
}

export const statPanel = (panel: Stat): Placed =>
  placed(panel, () =>
    common(new stat.PanelBuilder(), panel)
      .colorScheme(colourBy(FieldColorModeId.Thresholds))
      .colorMode(
        panel.filled
          ? BigValueColorMode.Background
          : panel.steps
            ? BigValueColorMode.Value
            : BigValueColorMode.None,
      )
      .graphMode(panel.plain || panel.filled ? BigValueGraphMode.None : BigValueGraphMode.Area)
      .textMode(panel.names ? BigValueTextMode.Name : BigValueTextMode.Auto)
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false)),
  );

/** Coloured spans over time, for states. */
export const timeline = (panel: Common): Placed =>
  placed(panel, () =>
    common(new statetimeline.PanelBuilder(), panel)
      // By thresholds it would show their ranges in place of the words.
      .colorScheme(colourBy(FieldColorModeId.PaletteClassic))
      .showValue(VisibilityMode.Auto)
      .mergeValues(true)
      .rowHeight(0.85)
      .lineWidth(0)
      .fillOpacity(80)
      .legend(
        new VizLegendOptionsBuilder()
          .showLegend(false)
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Bottom),
      )
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single)),
  );

/** A bar for each series, the value now. */
export const bars = (panel: Common): Placed =>
  placed(panel, () =>
    common(new bargauge.PanelBuilder(), panel)
      .colorScheme(colourBy(panel.steps ? FieldColorModeId.Thresholds : FieldColorModeId.PaletteClassic))
      .orientation(VizOrientation.Horizontal)
      .displayMode(BarGaugeDisplayMode.Basic)
      .valueMode(BarGaugeValueMode.Text)
      .text(new VizTextDisplayOptionsBuilder().titleSize(13).valueSize(15))
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false)),
  );

export const tablePanel = (
  panel: Common & { readonly sortBy?: readonly [column: string, desc: boolean] },
): Placed =>
  placed(panel, () => {
    const builder = common(new table.PanelBuilder(), panel)
      .showHeader(true)
      .filterable(false)
      .cellOptions({ type: TableCellDisplayMode.Auto });
    if (panel.sortBy) {
      const [displayName, desc] = panel.sortBy;
      builder.sortBy([{ build: () => ({ displayName, desc }) }]);
    }
    return { build: () => withoutFooter(builder.build()) };
  });

/** Which the builder adds and Grafana's tables no longer have. */
const withoutFooter = (panel: Panel): Panel => ({
  ...panel,
  options: omit(panel.options as object, 'footer'),
});

interface Builder {
  build(): ReturnType<Placed['build']>;
}

function placed({ w, h }: Common, make: () => Builder): Placed {
  return { w, h, build: () => make().build() };
}
