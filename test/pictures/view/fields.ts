// Field configuration: defaults of each panel type, overrides, display processors; by Grafana's own code.

import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  FieldConfigOptionsRegistry,
  FieldType,
  getPanelOptionsWithDefaults,
  identityOverrideProcessor,
  numberOverrideProcessor,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  type DataFrame,
  type Field,
  type FieldConfigPropertyItem,
  type FieldConfigSource,
  type GrafanaTheme2,
  type InterpolateFunction,
  type PanelPlugin,
} from '@grafana/data';
import { cloneDeep } from 'lodash';
import { kindOf } from './kinds';
import type { PanelModel } from './model';

export interface Configured {
  options: Record<string, unknown>;
  fieldConfig: FieldConfigSource;
  registry: FieldConfigOptionsRegistry;
}

type Process = (...args: never[]) => unknown;

const numbers = (field: Field) => field.type === FieldType.number;
const any = () => true;

const STANDARD: Record<string, [Process, (field: Field) => boolean, object?]> = {
  unit: [identityOverrideProcessor, numbers],
  min: [numberOverrideProcessor, numbers],
  max: [numberOverrideProcessor, numbers],
  fieldMinMax: [identityOverrideProcessor, numbers],
  decimals: [numberOverrideProcessor, numbers],
  displayName: [displayNameOverrideProcessor, any, { expandTemplateVars: true }],
  noValue: [stringOverrideProcessor, any],
  thresholds: [thresholdsOverrideProcessor, numbers],
  mappings: [identityOverrideProcessor, any],
  links: [dataLinksOverrideProcessor, any],
  color: [identityOverrideProcessor, any],
  filterable: [identityOverrideProcessor, any],
  description: [stringOverrideProcessor, any],
};

function registryOf(custom: readonly string[]): FieldConfigOptionsRegistry {
  const item = (id: string, path: string, [process, shouldApply, settings]: (typeof STANDARD)[string]) =>
    ({
      id,
      path,
      name: id,
      process,
      shouldApply,
      settings,
      isCustom: id !== path,
    }) as unknown as FieldConfigPropertyItem;
  const registry = new FieldConfigOptionsRegistry();
  for (const [id, standard] of Object.entries(STANDARD)) registry.register(item(id, id, standard));
  for (const path of custom)
    registry.register(item(`custom.${path}`, path, [identityOverrideProcessor, any]));
  return registry;
}

/** A panel's options and field configuration with all that Grafana fills in when it loads a dashboard. */
export function configured(panel: PanelModel): Configured {
  const kind = kindOf(panel.type);
  const registry = registryOf(kind.custom);
  const plugin = {
    defaults: kind.options,
    fieldConfigDefaults: { defaults: kind.field, overrides: [] },
    fieldConfigRegistry: registry,
  } as unknown as PanelPlugin;
  const { options, fieldConfig } = getPanelOptionsWithDefaults({
    plugin,
    currentOptions: cloneDeep(panel.options ?? {}),
    currentFieldConfig: cloneDeep(panel.fieldConfig ?? { defaults: {}, overrides: [] }),
    isAfterPluginChange: false,
  });
  return { options: options as Record<string, unknown>, fieldConfig, registry };
}

export function withFieldConfig(
  data: DataFrame[],
  { fieldConfig, registry }: Configured,
  replaceVariables: InterpolateFunction,
  theme: GrafanaTheme2,
  timeZone: string,
): DataFrame[] {
  const frames = applyFieldOverrides({
    data,
    fieldConfig,
    fieldConfigRegistry: registry,
    replaceVariables,
    theme,
    timeZone,
  });
  cacheFieldDisplayNames(frames);
  return frames;
}
