// Stat, bar gauge and gauge: one value per series, repeated.

import {
  getDisplayProcessor,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  VizOrientation,
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  type ReduceDataOptions,
} from '@grafana/data';
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeSizing,
  BarGaugeValueMode,
  PercentChangeColorMode,
  type VizTextDisplayOptions,
} from '@grafana/schema';
import {
  BarGauge,
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  VizRepeater,
  type VizRepeaterRenderValueProps,
} from '@grafana/ui';
import type { JSX } from 'react';
import { Gauge } from './gauge';
import { optionsOf, type PanelProps } from './props';

interface Single {
  reduceOptions: ReduceDataOptions;
  orientation: VizOrientation;
  text?: VizTextDisplayOptions;
}

interface StatOptions extends Single {
  graphMode: BigValueGraphMode;
  colorMode: BigValueColorMode;
  justifyMode: BigValueJustifyMode;
  textMode: BigValueTextMode;
  wideLayout: boolean;
  showPercentChange: boolean;
  percentChangeColorMode: PercentChangeColorMode;
}

interface BarGaugeOptions extends Single {
  displayMode: BarGaugeDisplayMode;
  valueMode: BarGaugeValueMode;
  namePlacement: BarGaugeNamePlacement;
  showUnfilled: boolean;
  sizing: BarGaugeSizing;
  minVizWidth: number;
  minVizHeight: number;
  maxVizHeight: number;
}

interface GaugeOptions extends Single {
  showThresholdLabels: boolean;
  showThresholdMarkers: boolean;
  sizing: BarGaugeSizing;
  minVizWidth: number;
  minVizHeight: number;
}

type Item = VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors>;

export function valuesOf(props: PanelProps, sparkline = false): FieldDisplay[] {
  const { reduceOptions } = optionsOf<Single>(props);
  return getFieldDisplayValues({
    fieldConfig: props.configured.fieldConfig,
    reduceOptions,
    replaceVariables: props.replace,
    theme: props.theme,
    data: props.data,
    sparkline,
    timeZone: props.timeZone,
  });
}

export function StatPanel(props: PanelProps) {
  const options = optionsOf<StatOptions>(props);
  const { theme, panel, configured, timeRange } = props;
  const named = Boolean(configured.fieldConfig.defaults.displayName) || !panel.title;
  const textMode =
    options.textMode === BigValueTextMode.Auto && named ? BigValueTextMode.ValueAndName : options.textMode;
  return (
    <Repeater
      {...props}
      values={valuesOf(props, options.graphMode !== BigValueGraphMode.None)}
      spacing={3}
      autoGrid
    >
      {({ value, width, height, count, alignmentFactors }) => (
        <BigValue
          value={options.showPercentChange ? value.display : { ...value.display, percentChange: undefined }}
          count={count}
          {...(value.sparkline ? { sparkline: { ...value.sparkline, timeRange } } : {})}
          colorMode={options.colorMode}
          graphMode={options.graphMode}
          justifyMode={options.justifyMode}
          textMode={textMode}
          alignmentFactors={alignmentFactors}
          text={options.text}
          width={width}
          height={height}
          theme={theme}
          percentChangeColorMode={options.percentChangeColorMode}
          disableWideLayout={!options.wideLayout}
        />
      )}
    </Repeater>
  );
}

export function BarGaugePanel(props: PanelProps) {
  const options = optionsOf<BarGaugeOptions>(props);
  const { width: whole, height: tall, theme } = props;
  const orientation =
    options.orientation === VizOrientation.Auto
      ? whole > tall
        ? VizOrientation.Vertical
        : VizOrientation.Horizontal
      : options.orientation;
  const manual = options.sizing === BarGaugeSizing.Manual;
  return (
    <Repeater
      {...props}
      values={valuesOf(props)}
      spacing={options.displayMode === BarGaugeDisplayMode.Lcd ? 2 : 10}
      orientation={orientation}
      minVizWidth={manual ? options.minVizWidth : 8}
      minVizHeight={manual ? options.minVizHeight : 16}
      maxVizHeight={manual ? options.maxVizHeight : 300}
    >
      {({ value, width, height, count, alignmentFactors }) => (
        <BarGauge
          value={
            count === 1 && !value.field.displayName ? { ...value.display, title: undefined } : value.display
          }
          field={value.field}
          display={
            value.view && value.colIndex !== undefined
              ? value.view.getFieldDisplayProcessor(value.colIndex)
              : undefined
          }
          width={width}
          height={height}
          orientation={orientation}
          text={options.text}
          theme={theme}
          itemSpacing={options.displayMode === BarGaugeDisplayMode.Lcd ? 2 : 10}
          displayMode={options.displayMode}
          alignmentFactors={count > 1 ? alignmentFactors : undefined}
          showUnfilled={options.showUnfilled}
          valueDisplayMode={options.valueMode}
          namePlacement={options.namePlacement}
          isOverflow={false}
        />
      )}
    </Repeater>
  );
}

export function GaugePanel(props: PanelProps) {
  const options = optionsOf<GaugeOptions>(props);
  const { theme } = props;
  // Grafana gives gauges of percents their natural ends.
  for (const field of props.data.flatMap(({ fields }) => fields)) {
    if (field.config.unit !== 'percent' && field.config.unit !== 'percentunit') continue;
    const min = (field.config.min ??= 0);
    const max = (field.config.max ??= field.config.unit === 'percent' ? 100 : 1);
    field.state = { ...field.state, range: { min, max, delta: max - min } };
    field.display = getDisplayProcessor({ field, theme });
  }
  const manual = options.sizing === BarGaugeSizing.Manual;
  return (
    <Repeater
      {...props}
      values={valuesOf(props)}
      spacing={16}
      autoGrid
      minVizWidth={manual ? options.minVizWidth : 0}
      minVizHeight={manual ? options.minVizHeight : 0}
    >
      {({ value, width, height, count }) => (
        <Gauge
          value={value}
          width={width}
          height={height}
          named={count > 1}
          theme={theme}
          text={options.text}
          bar={options.showThresholdMarkers}
          labels={options.showThresholdLabels}
        />
      )}
    </Repeater>
  );
}

interface RepeaterProps extends PanelProps {
  values: FieldDisplay[];
  spacing: number;
  autoGrid?: boolean;
  orientation?: VizOrientation;
  minVizWidth?: number;
  minVizHeight?: number;
  maxVizHeight?: number;
  children: (item: Item) => JSX.Element;
}

function Repeater({ values, spacing, children, ...props }: RepeaterProps) {
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      getValues={() => values}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={children}
      width={props.width}
      height={props.height}
      source={props.data}
      itemSpacing={spacing}
      renderCounter={0}
      autoGrid={props.autoGrid ?? false}
      orientation={props.orientation ?? optionsOf<Single>(props).orientation}
      minVizWidth={props.minVizWidth}
      minVizHeight={props.minVizHeight}
      maxVizHeight={props.maxVizHeight}
    />
  );
}
