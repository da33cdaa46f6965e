// Numbers as metalstat prints them. What is not known is a dash.

import { span, type Span, type Style } from './line';

const GIB = 2 ** 30;
const UNKNOWN = '-';

export const gib = (bytes: number | undefined): string =>
  bytes === undefined ? UNKNOWN : (bytes / GIB).toFixed(1);

/** `3.4G`, `512M`. */
export const gibOrMib = (bytes: number): string =>
  bytes >= GIB ? `${gib(bytes)}G` : `${(bytes / 2 ** 20).toFixed(0)}M`;

export const whole = (value: number | undefined, unit: string): string =>
  value === undefined ? UNKNOWN : `${value.toFixed(0)}${unit}`;

/** With the colour of what is little, some and much. */
export function percent(value: number | undefined, some = 30, much = 80): Span {
  if (value === undefined) return span(`${UNKNOWN.padStart(5)} `);
  const style: Style = value < some ? 'green' : value < much ? 'yellow' : 'red';
  return span(`${value.toFixed(1).padStart(5)}%`, style);
}

export const watts = (value: number | undefined): Span =>
  value === undefined ? span(UNKNOWN) : span(`${value.toFixed(1)}W`, 'watts');

/** GPU time of a process: `850ms`, `12.3s`, `4.2m`, `1.5h`. */
export function duration(seconds: number | undefined): string {
  if (seconds === undefined) return UNKNOWN;
  if (seconds >= 3600) return `${(seconds / 3600).toFixed(1)}h`;
  if (seconds >= 60) return `${(seconds / 60).toFixed(1)}m`;
  return seconds >= 1 ? `${seconds.toFixed(1)}s` : `${(seconds * 1000).toFixed(0)}ms`;
}
