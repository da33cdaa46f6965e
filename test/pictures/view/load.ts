// What a panel shows: its queries asked, its transformations and field configuration applied.

import { FieldType, type DataFrame, type GrafanaTheme2, type TimeRange } from '@grafana/data';
import { configured, withFieldConfig, type Configured } from './fields';
import { framesOf, type Answered } from './frames';
import { timesOf } from './interval';
import type { PanelAnswer, PanelModel, Request, Target } from './model';
import { queryInstant, queryRange } from './prometheus';
import { transformed } from './transformations';
import { undrawn } from './undrawn';
import type { Variables } from './variables';

export interface LoadedPanel {
  panel: PanelModel;
  configured: Configured;
  data: DataFrame[];
  answer: PanelAnswer;
}

export interface Loading {
  request: Request;
  timeRange: TimeRange;
  theme: GrafanaTheme2;
  variables: Variables;
}

export async function load(panel: PanelModel, width: number, loading: Loading): Promise<LoadedPanel> {
  const { request, variables, theme } = loading;
  const title = variables.replace(panel.title ?? '', {}, 'text');
  const answer: PanelAnswer = {
    title,
    type: panel.type,
    drawn: 'no data',
    errors: [],
    undrawn: undrawn(panel),
  };
  const settings = configured(panel);
  if (panel.type === 'text' || panel.type === 'row') {
    answer.drawn = panel.type;
    return { panel, configured: settings, data: [], answer };
  }
  const answered = await Promise.all(
    (panel.targets ?? [])
      .filter(({ hide }) => !hide)
      .map((target) => ask(target, panel, width, loading, answer)),
  );
  let data: DataFrame[] = [];
  try {
    const frames = await transformed(panel, framesOf(answered.flat()), variables);
    data = withFieldConfig(frames, settings, variables.replace, theme, request.timeZone);
  } catch (error) {
    answer.errors.push(`transforming failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  answer.drawn = summary(panel, data);
  return { panel, configured: settings, data, answer };
}

async function ask(
  target: Target,
  panel: PanelModel,
  width: number,
  loading: Loading,
  answer: PanelAnswer,
): Promise<Answered[]> {
  const { request, timeRange, variables } = loading;
  const { from, to, step, rateInterval } = timesOf(target, panel, timeRange, width, request.scrapeInterval);
  const length = Math.ceil((timeRange.to.valueOf() - timeRange.from.valueOf()) / 1000);
  const query = variables.query(target.expr, {
    __interval: `${step}s`,
    __interval_ms: String(step * 1000),
    __rate_interval: `${rateInterval}s`,
    __rate_interval_ms: String(rateInterval * 1000),
    __range: `${length}s`,
    __range_s: String(length),
    __range_ms: String(length * 1000),
    __from: String(timeRange.from.valueOf()),
    __to: String(timeRange.to.valueOf()),
  });
  const answered: Answered[] = [];
  try {
    if (target.instant) {
      answered.push({ target, result: await queryInstant(query, timeRange.to.valueOf() / 1000) });
    }
    if (target.range || !target.instant) {
      answered.push({ target, step, result: await queryRange(query, from, to, step) });
    }
  } catch (error) {
    answer.errors.push(
      `query ${target.refId}: ${error instanceof Error ? error.message : String(error)}: ${query}`,
    );
  }
  return answered;
}

function summary({ type }: PanelModel, data: DataFrame[]): string {
  const filled = data.filter(({ length, fields }) => length > 0 && fields.length > 0);
  if (!filled.length) return 'no data';
  if (type === 'table')
    return `${data.map(({ length }) => length).join(' + ')} rows, ${filled[0]!.fields.length} columns`;
  const values = filled.flatMap(({ fields }) => fields.filter((field) => field.type !== FieldType.time));
  if (
    !values.some(
      (field) => field.type !== FieldType.number || field.values.some((value) => Number.isFinite(value)),
    )
  )
    return 'no data';
  return `${values.length} series`;
}
