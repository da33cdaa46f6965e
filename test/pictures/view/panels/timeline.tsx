// State timeline and status history. Grafana's packages do not export theirs: the axes, the plot and the legend are
// Grafana's, the spans are drawn here in its manner.

import { colorManipulator, type GrafanaTheme2 } from '@grafana/data';
import {
  AxisPlacement,
  ScaleDirection,
  ScaleOrientation,
  VisibilityMode,
  type TimelineValueAlignment,
  type VizLegendOptions,
} from '@grafana/schema';
import { FIXED_UNIT, Pagination, UPlotChart, UPlotConfigBuilder, VizLayout, VizLegend } from '@grafana/ui';
import type uPlot from 'uplot';
import type { AlignedData } from 'uplot';
import { drawMarks } from './marks';
import { optionsOf, type PanelProps } from './props';
import { legendOf, rowsOf, type Row } from './states';

interface Options {
  mergeValues?: boolean;
  showValue: VisibilityMode;
  alignValue?: TimelineValueAlignment;
  rowHeight: number;
  colWidth?: number;
  perPage?: number;
  legend: VizLegendOptions;
}

interface Custom {
  lineWidth?: number;
  fillOpacity?: number;
  axisPlacement?: AxisPlacement;
  axisWidth?: number;
}

const PAGES_HEIGHT = 40;
const TEXT_PADDING = 2;

export function TimelinePanel(props: PanelProps) {
  const options = optionsOf<Options>(props);
  const { panel, theme, data, width, height } = props;
  const changes = panel.type === 'state-timeline';
  const all = rowsOf(props, changes, changes && options.mergeValues !== false);
  const perPage = options.perPage || all.length;
  const rows = all.slice(0, perPage);
  const pages = Math.ceil(all.length / perPage);
  if (!changes && rows[0] && rows[0].times.length > width / 2)
    return (
      <p>
        Too many points to visualize properly. Update the query to return fewer points. (
        {rows[0].times.length} points received)
      </p>
    );

  const items = options.legend.showLegend === false ? [] : legendOf(rows, data, theme);
  const { placement, displayMode, width: legendWidth } = options.legend;
  const legend = items.length ? (
    <VizLayout.Legend placement={placement} width={legendWidth}>
      <VizLegend placement={placement} items={items} displayMode={displayMode} readonly />
    </VizLayout.Legend>
  ) : null;
  const { from, to } = props.timeRange;
  const plotted: AlignedData = [[from.valueOf(), to.valueOf()], ...rows.map(() => [null, null])];
  const config = configOf(rows, props, options, changes);
  return (
    <>
      <VizLayout width={width} height={pages > 1 ? height - PAGES_HEIGHT : height} legend={legend}>
        {(plotWidth, plotHeight) => (
          <UPlotChart config={config} data={plotted} width={plotWidth} height={plotHeight} />
        )}
      </VizLayout>
      {pages > 1 && <Pagination currentPage={1} numberOfPages={pages} onNavigate={() => undefined} />}
    </>
  );
}

function configOf(rows: Row[], props: PanelProps, options: Options, changes: boolean): UPlotConfigBuilder {
  const { theme, timeZone, timeRange, marks } = props;
  const builder = new UPlotConfigBuilder(timeZone);
  const custom = (rows[0]?.field.config.custom ?? {}) as Custom;
  const hidden = custom.axisPlacement === AxisPlacement.Hidden;
  const middles = rows.map((_, index) => {
    const { top, height } = lane(index, rows.length, options.rowHeight);
    return 1 - (top + height / 2);
  });
  builder.addScale({
    scaleKey: 'x',
    isTime: true,
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    range: () => {
      const pad = changes ? 0 : columnOf(rows) / 2;
      const times = rows.flatMap((row) => [row.times[0]!, row.times.at(-1)!]);
      const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
      return [
        Math.min(from, ...times.map((time) => time - pad)),
        Math.max(to, ...times.map((time) => time + pad)),
      ];
    },
  });
  builder.addScale({
    scaleKey: FIXED_UNIT,
    isTime: false,
    orientation: ScaleOrientation.Vertical,
    direction: ScaleDirection.Up,
    range: [0, 1],
  });
  builder.addAxis({ scaleKey: 'x', isTime: true, placement: AxisPlacement.Bottom, timeZone, theme });
  builder.addAxis({
    scaleKey: FIXED_UNIT,
    isTime: false,
    placement: AxisPlacement.Left,
    splits: () => middles,
    values: () => rows.map(({ name }) => (hidden ? '' : name)),
    grid: { show: false },
    ticks: { show: false },
    gap: hidden ? 0 : 16,
    size: hidden ? 0 : custom.axisWidth,
    theme,
  });
  for (const row of rows)
    builder.addSeries({
      scaleKey: FIXED_UNIT,
      pathBuilder: () => null,
      pointsBuilder: () => undefined,
      theme,
      show: Boolean(row),
    });
  builder.addHook('draw', (plot: uPlot) => {
    rows.forEach((row, index) =>
      drawRow(
        plot,
        row,
        lane(index, rows.length, options.rowHeight),
        options,
        changes,
        columnOf(rows),
        theme,
      ),
    );
    drawMarks(plot, marks, theme);
  });
  return builder;
}

/** Where a row is, as shares of the plot's height: as high as wanted, with the rest between the rows. */
function lane(index: number, count: number, rowHeight: number) {
  if (count === 1) return { top: (1 - rowHeight) / 2, height: rowHeight };
  const height = rowHeight / count;
  return { top: index * (height + (1 - rowHeight) / (count - 1)), height };
}

const columnOf = (rows: Row[]) => {
  const times = rows.find((row) => row.times.length > 1)?.times;
  return times ? times[1]! - times[0]! : 60_000;
};

function drawRow(
  plot: uPlot,
  { spans, field }: Row,
  { top, height }: { top: number; height: number },
  { colWidth = 0.9, showValue, alignValue = 'left' as TimelineValueAlignment }: Options,
  changes: boolean,
  column: number,
  theme: GrafanaTheme2,
): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio;
  const { lineWidth = 0, fillOpacity = 100 } = (field.config.custom ?? {}) as Custom;
  const stroke = Math.round(lineWidth * ratio);
  const at = (time: number) => plot.valToPos(time, 'x', true);
  const y = Math.round(bbox.top + top * bbox.height);
  const tall = Math.round(height * bbox.height);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `500 ${Math.round(12 * ratio)}px ${theme.typography.fontFamily}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = changes ? alignValue : 'center';
  const ascii = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index));
  const perChar = Math.ceil(ctx.measureText(ascii).width / ascii.length) + 2.5;
  for (const { from, to, text, color } of spans) {
    const wide = (at(from + column) - at(from)) * colWidth - stroke;
    const left = Math.round(changes ? at(from) : at(from) - wide / 2);
    const right = changes ? Math.round(at(to)) : left + Math.round(wide);
    const boxWidth = Math.max(right - left, 1);
    const fill = /^#[\da-f]{8}$/i.test(color) ? color : colorManipulator.alpha(color, fillOpacity / 100);
    ctx.fillStyle = fill;
    ctx.fillRect(left, y, boxWidth, tall);
    if (stroke) {
      ctx.strokeStyle = color;
      ctx.lineWidth = stroke;
      ctx.strokeRect(left + stroke / 2, y + stroke / 2, boxWidth - stroke, tall - stroke);
    }
    const chars = Math.floor(boxWidth / perChar);
    if (showValue === VisibilityMode.Never || (showValue === VisibilityMode.Auto && chars < 2)) continue;
    const inset = stroke + TEXT_PADDING;
    const x =
      ctx.textAlign === 'left'
        ? left + inset
        : ctx.textAlign === 'right'
          ? right - inset
          : left + boxWidth / 2;
    ctx.fillStyle = theme.colors.getContrastText(fill, 3);
    ctx.fillText(text.slice(0, chars), x, y + tall / 2);
  }
  ctx.restore();
}
