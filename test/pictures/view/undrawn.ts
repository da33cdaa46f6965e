// What a panel asks for and the viewer does not draw, in words for the picture and the exit code.

import { fieldMatchers, standardTransformersRegistry } from '@grafana/data';
import { isKnown, kindOf } from './kinds';
import type { PanelModel } from './model';

const PANEL_KEYS = new Set(
  [
    'id type title description gridPos datasource targets options fieldConfig transformations transparent interval',
    'maxDataPoints links pluginVersion collapsed panels repeatDirection cacheTimeout queryCachingTTL',
  ]
    .join(' ')
    .split(' '),
);
const STANDARD = new Set(
  'unit min max fieldMinMax decimals displayName noValue thresholds mappings links color filterable description custom'.split(
    ' ',
  ),
);
const LEGEND_KEYS = new Set(
  'showLegend displayMode placement calcs sortBy sortDesc width limit isVisible asTable overflow'.split(' '),
);
const TARGET_KEYS = new Set(
  'refId expr format instant range legendFormat interval intervalFactor hide datasource editorMode exemplar queryType'.split(
    ' ',
  ),
);
const CELLS = new Set(
  'auto color-text color-background gauge sparkline data-links pill markdown image json-view'.split(' '),
);

/** Set to what a dashboard asks for by default or in effect does not ask for. */
const isNothing = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  (Array.isArray(value) && !value.length);

export function undrawn(panel: PanelModel): string[] {
  if (!isKnown(panel.type)) return [`panel type ${panel.type}`];
  const kind = kindOf(panel.type);
  const missing: string[] = [];
  const check = (where: string, object: object | undefined, known: (key: string) => boolean) => {
    for (const [key, value] of Object.entries(object ?? {}))
      if (!known(key) && !isNothing(value)) missing.push(`${where}${key}`);
  };

  check('', panel, (key) => PANEL_KEYS.has(key));
  check('options.', panel.options, (key) => key in kind.options || kind.heeded.includes(key));
  check('options.legend.', panel.options?.['legend'] as object | undefined, (key) => LEGEND_KEYS.has(key));
  const { defaults, overrides } = panel.fieldConfig ?? { defaults: {}, overrides: [] };
  check('fieldConfig.', defaults, (key) => STANDARD.has(key));
  check('fieldConfig.custom.', defaults.custom as object | undefined, (key) => kind.custom.includes(key));
  for (const { matcher, properties } of overrides) {
    if (!fieldMatchers.getIfExists(matcher.id)) missing.push(`override matcher ${matcher.id}`);
    for (const { id, value } of properties)
      if (
        !isNothing(value) &&
        !(id.startsWith('custom.') ? kind.custom.includes(id.slice(7)) : STANDARD.has(id))
      )
        missing.push(`override of ${id}`);
  }
  for (const { id, disabled } of panel.transformations ?? [])
    if (!disabled && !standardTransformersRegistry.getIfExists(id)) missing.push(`transformation ${id}`);
  for (const target of panel.targets ?? []) {
    check(`query ${target.refId}: `, target, (key) => TARGET_KEYS.has(key));
    if (target.format === 'heatmap') missing.push(`query ${target.refId}: format heatmap`);
  }
  missing.push(...cells(panel), ...modes(panel));
  return [...new Set(missing)];
}

function cells({ fieldConfig }: PanelModel): string[] {
  const all = [
    fieldConfig?.defaults.custom as Record<string, unknown> | undefined,
    ...(fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
      properties.map(({ id, value }) => ({ [id.replace(/^custom\./, '')]: value as unknown })),
    ),
  ];
  return all
    .map((custom) => (custom?.['cellOptions'] as { type?: string } | undefined)?.type)
    .filter((type): type is string => type !== undefined && !CELLS.has(type))
    .map((type) => `cell type ${type}`);
}

function modes({ type, options = {} }: PanelModel): string[] {
  if (
    type === 'text' &&
    options['mode'] !== undefined &&
    options['mode'] !== 'markdown' &&
    options['mode'] !== 'html'
  )
    return [`text mode ${String(options['mode'])}`];
  const legend = options['legend'] as { showLegend?: boolean } | undefined;
  if (type === 'bargauge' && legend?.showLegend) return ['options.legend'];
  if (type === 'table' && (options['footer'] as { show?: boolean } | undefined)?.show)
    return ['options.footer'];
  return [];
}
