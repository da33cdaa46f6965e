// Step and intervals of a query, as Grafana's Prometheus data source computes them.

import { rangeUtil, type TimeRange } from '@grafana/data';
import type { PanelModel, Target } from './model';

/** Prometheus refuses more points than this in a series. */
const MOST_POINTS = 11_000;

export interface Times {
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly rateInterval: number;
}

export function timesOf(
  target: Target,
  panel: PanelModel,
  range: TimeRange,
  width: number,
  scrapeInterval: number,
): Times {
  const points = panel.maxDataPoints ?? Math.max(1, Math.floor(width));
  const least = isVariable(target.interval) ? undefined : target.interval || panel.interval;
  const floor = least?.replace(/^>/, '') || `${scrapeInterval}s`;
  const fitting = rangeUtil.calculateInterval(range, points, floor).intervalMs / 1000;
  const length = (range.to.valueOf() - range.from.valueOf()) / 1000;
  const safe = rangeUtil.roundInterval((length * 1000) / MOST_POINTS) / 1000;
  const scrape = least && target.interval ? rangeUtil.intervalToSeconds(floor) : scrapeInterval;
  const adjusted = Math.max(fitting, safe);
  const step = target.interval?.includes('__rate_interval')
    ? rate(adjusted, scrapeInterval)
    : adjusted * (target.intervalFactor || 1);
  const align = (ms: number) => Math.floor(ms / 1000 / step) * step;
  return {
    from: align(range.from.valueOf()),
    to: align(range.to.valueOf()),
    step,
    rateInterval: rate(step, scrape),
  };
}

const isVariable = (interval: string | undefined) => interval?.startsWith('$') ?? false;
const rate = (step: number, scrape: number) => Math.max(step + scrape, 4 * scrape);
