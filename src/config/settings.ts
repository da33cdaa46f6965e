// From option values to settings. A wrong value ends the start with one line.

import { COLLECTORS, type Collector } from '../metrics/metric';
import type { Selection } from '../metrics/catalogue';
import { SENSORS, SENSORS_OPTION } from '../metrics/thermal';
import { MOST_LABELS, type AppRule } from '../sampler/labels';
import type { WindowRule } from '../sampler/window';

export class OptionError extends Error {
  readonly code = 'ERR_METALSTAT_OPTION';
}

/** Values by option name, as commander gives them: strings, lists, true, false, or undefined. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** An option that was set, and how a command line sets it. */
export interface Given {
  readonly name: string;
  readonly words: readonly string[];
  /** Or else from a variable. */
  readonly isTyped: boolean;
}

/** What commander took from a variable: there any text switches a switch on, and a list has one entry. */
export function fromEnvironment(variable: string, value: unknown): unknown {
  if (Array.isArray(value))
    return value.flatMap((text: string) => text.split(',').map((part) => part.trim()));
  if (value !== true) return value;
  const text = process.env[variable] ?? '';
  if (text === '') return undefined;
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  if (/^(false|0|no|off)$/i.test(text)) return false;
  throw new OptionError(`${variable} takes true or false, not ${JSON.stringify(text)}`);
}

/** `isPrivate`: whether only this computer, or who has a password, sees the page. */
export function selectionOf(values: OptionValues, isPrivate = true): Selection {
  const off = values['collector.disable-defaults'] === true;
  const byDefault = (name: Collector) => !off && (isPrivate || name !== 'app');
  const collectors = new Set<Collector>(
    COLLECTORS.filter(
      (name) => (values[`collector.${name}`] ?? byDefault(name)) === true || name === 'exporter',
    ),
  );
  const switches = ['collector.cpu.states', 'collector.energy.detail'].filter(
    (name) => values[name] === true,
  );
  const sensors = oneOf(values, SENSORS_OPTION, SENSORS);
  return { collectors, options: new Set([...switches, `${SENSORS_OPTION}=${sensors}`]) };
}

export function appRuleOf(values: OptionValues): AppRule {
  return {
    top: wholeNumber(values, 'collector.app.top', MOST_LABELS),
    include: pattern(values, 'collector.app.include'),
    exclude: pattern(values, 'collector.app.exclude'),
    resolve: ((values['collector.app.resolve'] ?? []) as readonly string[])
      .flatMap((text) => text.split(','))
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    anonymise: values['collector.app.anonymise'] === true,
  };
}

/** A day: who reads less often need not. */
const LONGEST_INTERVAL = 86_400;

/** Seconds between two readings of what apps use; undefined for only when somebody scrapes. */
export const intervalOf = (values: OptionValues): number | undefined =>
  values['sampling.interval'] === undefined
    ? undefined
    : seconds(values, 'sampling.interval', LONGEST_INTERVAL);

export function windowOf(values: OptionValues): WindowRule {
  const rule = { min: seconds(values, 'sampling.min-window'), max: seconds(values, 'sampling.max-window') };
  if (rule.max < rule.min)
    throw new OptionError('--sampling.max-window must not be below --sampling.min-window');
  return rule;
}

function oneOf(values: OptionValues, name: string, known: readonly string[]): string {
  const text = String(values[name]);
  if (!known.includes(text))
    throw new OptionError(`--${name} takes ${known.join(', ')}, not ${JSON.stringify(text)}`);
  return text;
}

export function wholeNumber(values: OptionValues, name: string, most = 9_999_999): number {
  const text = String(values[name]);
  if (!/^[1-9]\d{0,6}$/.test(text) || Number(text) > most)
    throw new OptionError(
      `--${name} takes a whole number of 1 ${most < 9_999_999 ? `to ${most}` : 'or more'}, not ${JSON.stringify(text)}`,
    );
  return Number(text);
}

/** Anchored at both ends, as in Prometheus. */
function pattern(values: OptionValues, name: string): RegExp | undefined {
  const text = values[name];
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    return new RegExp(`^(?:${text})$`, 'u');
  } catch {
    throw new OptionError(`--${name} takes a regular expression, not ${JSON.stringify(text)}`);
  }
}

export function seconds(values: OptionValues, name: string, most = Infinity, least = 1): number {
  const text = String(values[name]);
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most))
    throw new OptionError(
      `--${name} takes seconds, ${least} ${most === Infinity ? 'or more' : `to ${most}`}, not ${JSON.stringify(text)}`,
    );
  return value;
}
