// Annotations from Prometheus: runs of samples above zero are regions, single ones are moments.

import { renderLegendFormat, rangeUtil, type TimeRange } from '@grafana/data';
import type { AnnotationModel, PanelModel } from './model';
import { queryRange } from './prometheus';
import type { Variables } from './variables';

export interface Mark {
  /** Milliseconds. */
  from: number;
  to: number;
  color: string;
  title: string;
  model: AnnotationModel;
}

export async function marksOf(
  models: AnnotationModel[],
  range: TimeRange,
  variables: Variables,
  errors: string[],
): Promise<Mark[]> {
  const marks: Mark[] = [];
  for (const model of models) {
    if (!model.enable || model.builtIn) continue;
    try {
      if (!model.expr) throw new Error('the viewer draws only annotations with a PromQL expression');
      marks.push(...(await ask(model, range, variables)));
    } catch (error) {
      errors.push(`annotation ${model.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return marks;
}

async function ask(model: AnnotationModel, range: TimeRange, variables: Variables): Promise<Mark[]> {
  const step = rangeUtil.intervalToSeconds(model.step || '60s');
  const align = (ms: number) => Math.floor(ms / 1000 / step) * step;
  const [from, to] = [align(range.from.valueOf()), align(range.to.valueOf()) + step];
  const length = Math.ceil(to - from);
  const query = variables.query(model.expr!, {
    __interval: `${step}s`,
    __interval_ms: String(step * 1000),
    __rate_interval: `${Math.max(step + 15, 60)}s`,
    __range: `${length}s`,
    __range_s: String(length),
    __range_ms: String(length * 1000),
  });
  const { samples } = await queryRange(query, from, to, step);
  return samples.flatMap(({ metric, values }) => {
    const base = {
      color: model.iconColor ?? 'red',
      title: renderLegendFormat(model.titleFormat ?? '', metric),
      model,
    };
    if (model.useValueForTime)
      return values.map(([, at]) => ({ ...base, from: Math.floor(Number(at)), to: Math.floor(Number(at)) }));
    const marks: Mark[] = [];
    for (const [seconds, value] of values) {
      if (!(Number(value) > 0)) continue;
      const last = marks.at(-1);
      if (last && seconds * 1000 - last.to <= step * 1000) last.to = seconds * 1000;
      else marks.push({ ...base, from: seconds * 1000, to: seconds * 1000 });
    }
    return marks;
  });
}

/** Annotations may be for some panels only, or for all but some. */
export const marksFor = (panel: PanelModel, marks: readonly Mark[]): Mark[] =>
  marks.filter(({ model: { filter } }) => {
    if (!filter?.ids.length) return true;
    const listed = filter.ids.includes(panel.id ?? -1);
    return filter.exclude ? !listed : listed;
  });
