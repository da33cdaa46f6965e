// Annotations in a plot: dashed lines and shaded regions, and their marks below the time axis.

import type { GrafanaTheme2 } from '@grafana/data';
import { colorManipulator } from '@grafana/data';
import type { UPlotConfigBuilder } from '@grafana/ui';
import { useLayoutEffect } from 'react';
import type uPlot from 'uplot';
import type { Mark } from '../annotations';

const MARK_HEIGHT = 5;

interface Props {
  config: UPlotConfigBuilder;
  marks: Mark[];
  theme: GrafanaTheme2;
}

export function Marks({ config, marks, theme }: Props) {
  useLayoutEffect(
    () => config.addHook('draw', (plot) => drawMarks(plot, marks, theme)),
    [config, marks, theme],
  );
  return null;
}

export function drawMarks(plot: uPlot, marks: readonly Mark[], theme: GrafanaTheme2): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio;
  const bottom = bbox.top + bbox.height;
  const [first, last] = [plot.scales['x']!.min!, plot.scales['x']!.max!];
  ctx.save();
  for (const mark of marks) {
    if (mark.to < first || mark.from > last) continue;
    const color = theme.visualization.getColorByName(mark.color);
    const x0 = plot.valToPos(Math.max(mark.from, first), 'x', true);
    const x1 = plot.valToPos(Math.min(mark.to, last), 'x', true);
    ctx.strokeStyle = ctx.fillStyle = color;
    ctx.lineWidth = 2 * ratio;
    ctx.setLineDash([5 * ratio, 5 * ratio]);
    for (const x of mark.to > mark.from ? [x0, x1] : [x0]) {
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bottom);
      ctx.stroke();
    }
    if (mark.to > mark.from) {
      ctx.fillRect(x0, bottom, x1 - x0, MARK_HEIGHT * ratio);
      ctx.fillStyle = colorManipulator.alpha(color, 0.1);
      ctx.fillRect(x0, bbox.top, x1 - x0, bbox.height);
    } else {
      ctx.beginPath();
      ctx.moveTo(x0, bottom);
      ctx.lineTo(x0 - MARK_HEIGHT * ratio, bottom + MARK_HEIGHT * ratio);
      ctx.lineTo(x0 + MARK_HEIGHT * ratio, bottom + MARK_HEIGHT * ratio);
      ctx.fill();
    }
  }
  ctx.restore();
}
