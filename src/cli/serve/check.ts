// --config.check: every option with its value and where that is from.

import { CONFIG_CHECK, type Given, type Origin } from '../../config/given';
import type { Option } from '../../config/options';
import type { ServeSettings } from './settings';

export function describeConfig(
  { values, origins }: Given,
  options: readonly Option[],
  { selection }: ServeSettings,
): string {
  const rows = options
    .filter(({ name }) => name !== CONFIG_CHECK)
    .map((option) => {
      const { name } = option;
      const isCollector = name.startsWith('collector.') && option.on === true;
      const value = isCollector
        ? selection.collectors.has(name.slice('collector.'.length) as never)
        : values[name];
      return [name, textOf(option, value), origins.get(name) ?? 'default'] as const;
    });
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const [names, texts] = [width(0), width(1)];
  const lines = rows.map(
    ([name, text, from]: readonly [string, string, Origin]) =>
      `${name.padEnd(names)}  ${text.padEnd(texts)}  ${from}`,
  );
  return `${lines.join('\n')}\n\nThe configuration is right.\n`;
}

function textOf({ value: takes, on }: Option, value: unknown): string {
  if (takes === undefined || on) return value === true ? 'on' : 'off';
  if (value === undefined) return '-';
  return Array.isArray(value) ? value.join(', ') : (value as string);
}
