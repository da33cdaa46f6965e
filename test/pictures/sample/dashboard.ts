// A dashboard with every panel type and option the viewer draws, to see that it does: npm run sample.
// Its JSON is made with the library that the real dashboards are made with, from the repository's top level.

import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as gauge from '@grafana/grafana-foundation-sdk/gauge';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as statushistory from '@grafana/grafana-foundation-sdk/statushistory';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as text from '@grafana/grafana-foundation-sdk/text';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

const MAC = 'instance=~"$instance"';

const query = (expr: string, legend = '__auto') =>
  new prometheus.DataqueryBuilder().expr(expr).legendFormat(legend).range();
const instant = (expr: string, legend = '__auto') =>
  new prometheus.DataqueryBuilder().expr(expr).legendFormat(legend).instant();
const asTable = (expr: string, refId: string) =>
  instant(expr).refId(refId).format(prometheus.PromQueryFormat.Table);
const steps = (...pairs: [number | null, string][]) =>
  new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(pairs.map(([value, color]) => ({ value, color })));
const palette = () => new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic);
const continuous = () => new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.ContinuousGrYlRd);

const PRESSURE: dashboard.ValueMapping[] = [
  {
    type: dashboard.MappingType.ValueToText,
    options: {
      '0': { text: 'normal', color: 'green', index: 0 },
      '1': { text: 'warning', color: 'yellow', index: 1 },
      '2': { text: 'critical', color: 'red', index: 2 },
    },
  },
  {
    type: dashboard.MappingType.SpecialValue,
    options: { match: dashboard.SpecialValueMatch.Null, result: { text: 'absent', color: 'gray', index: 3 } },
  },
] as dashboard.ValueMapping[];

export const sample = new dashboard.DashboardBuilder('Sample: every panel the viewer draws')
  .uid('viewer-sample')
  .time({ from: 'now-1h', to: 'now' })
  .withVariable(new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
  .withVariable(
    new dashboard.QueryVariableBuilder('instance')
      .label('Mac')
      .query('label_values(mac_info, instance)')
      .multi(true)
      .includeAll(true)
      .allValue('.+')
      .sort(dashboard.VariableSort.AlphabeticalAsc),
  )
  .annotation(
    new dashboard.AnnotationQueryBuilder()
      .name('Memory pressure')
      .enable(true)
      .iconColor('orange')
      .expr(`max(memory_pressure_level{${MAC}}) > 0`)
      .titleFormat('pressure'),
  )
  .withRow(new dashboard.RowBuilder('Single values'))
  .withPanel(
    new stat.PanelBuilder()
      .title('Macs')
      .description('How many answer.')
      .span(4)
      .height(4)
      .graphMode(common.BigValueGraphMode.None)
      .colorMode(common.BigValueColorMode.BackgroundSolid)
      .withTarget(instant(`count(mac_info{${MAC}})`)),
  )
  .withPanel(
    new stat.PanelBuilder()
      .title('Package power')
      .unit('watt')
      .decimals(1)
      .span(5)
      .height(4)
      .thresholds(steps([null, 'green'], [40, 'orange'], [80, 'red']))
      .withTarget(query(`sum(mac_power_watts{${MAC}})`)),
  )
  .withPanel(
    new stat.PanelBuilder()
      .title('Memory pressure')
      .span(7)
      .height(4)
      .colorMode(common.BigValueColorMode.Background)
      .textMode(common.BigValueTextMode.ValueAndName)
      .mappings(PRESSURE)
      .withTarget(instant(`topk(3, memory_pressure_level{${MAC}})`, '{{instance}}')),
  )
  .withPanel(
    new gauge.PanelBuilder()
      .title('GPU awake')
      .unit('percentunit')
      .min(0)
      .max(1)
      .span(4)
      .height(4)
      .thresholds(steps([null, 'green'], [0.7, 'orange'], [0.9, 'red']))
      .withTarget(query(`avg(gpu_utilization{${MAC}})`)),
  )
  .withPanel(
    new gauge.PanelBuilder()
      .title('Two gauges, with labels')
      .unit('celsius')
      .max(110)
      .span(4)
      .height(4)
      .showThresholdLabels(true)
      .thresholds(steps([null, 'blue'], [60, 'orange'], [90, 'red']))
      .withTarget(query(`topk(2, avg by (instance) (mac_temperature_celsius{${MAC}}))`, '{{instance}}')),
  )
  .withRow(new dashboard.RowBuilder('Time series'))
  .withPanel(
    new timeseries.PanelBuilder()
      .title('Stacked, table legend at the right')
      .description('Watts by rail.')
      .unit('watt')
      .span(12)
      .height(8)
      .fillOpacity(30)
      .lineWidth(1)
      .showPoints(common.VisibilityMode.Never)
      .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'))
      .legend(
        new common.VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(common.LegendDisplayMode.Table)
          .placement(common.LegendPlacement.Right)
          .calcs(['mean', 'max', 'lastNotNull'])
          .sortBy('Max')
          .sortDesc(true),
      )
      .withTarget(
        query(`sum by (rail) (rate(mac_energy_joules_total{${MAC}}[$__rate_interval]))`, '{{rail}}'),
      ),
  )
  .withPanel(
    new timeseries.PanelBuilder()
      .title('Two axes, threshold areas, an override')
      .unit('percentunit')
      .min(0)
      .axisSoftMax(1)
      .span(12)
      .height(8)
      .fillOpacity(10)
      .gradientMode(common.GraphGradientMode.Opacity)
      .thresholds(steps([null, 'transparent'], [0.7, 'orange'], [0.9, 'red']))
      .thresholdsStyle(
        new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Area),
      )
      .legend(
        new common.VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(common.LegendDisplayMode.List)
          .placement(common.LegendPlacement.Bottom),
      )
      .overrideByRegexp('/hertz/', [
        { id: 'unit', value: 'hertz' },
        { id: 'custom.axisPlacement', value: 'right' },
        { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
        { id: 'color', value: { mode: 'fixed', fixedColor: 'purple' } },
      ])
      .withTarget(query(`topk(3, gpu_utilization{${MAC}})`, '{{instance}}').refId('A'))
      .withTarget(query(`max(mac_gpu_frequency_hertz{${MAC}})`, 'GPU hertz').refId('B')),
  )
  .withRow(new dashboard.RowBuilder('States'))
  .withPanel(
    new statetimeline.PanelBuilder()
      .title('State timeline: mapped values')
      .span(12)
      .height(8)
      .mappings(PRESSURE)
      .colorScheme(palette())
      .mergeValues(true)
      .showValue(common.VisibilityMode.Auto)
      .legend(
        new common.VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(common.LegendDisplayMode.List)
          .placement(common.LegendPlacement.Bottom),
      )
      .withTarget(query(`memory_pressure_level{${MAC}}`, '{{instance}}')),
  )
  .withPanel(
    new statushistory.PanelBuilder()
      .title('Status history: by threshold')
      .span(12)
      .height(8)
      .unit('percentunit')
      .colorScheme(continuous())
      .min(0)
      .max(1)
      .showValue(common.VisibilityMode.Auto)
      .legend(
        new common.VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(common.LegendDisplayMode.List)
          .placement(common.LegendPlacement.Bottom),
      )
      .withTarget(query(`gpu_utilization{${MAC}}`, '{{instance}}').interval('5m')),
  )
  .withRow(new dashboard.RowBuilder('Bars, tables, text'))
  .withPanel(
    new bargauge.PanelBuilder()
      .title('Bar gauge')
      .unit('celsius')
      .min(0)
      .max(110)
      .span(8)
      .height(9)
      .orientation(common.VizOrientation.Horizontal)
      .displayMode(common.BarGaugeDisplayMode.Gradient)
      .colorScheme(continuous())
      .withTarget(instant(`topk(6, avg by (instance) (mac_temperature_celsius{${MAC}}))`, '{{instance}}')),
  )
  .withPanel(
    new table.PanelBuilder()
      .title('Table: joined, with cells of every kind')
      .span(16)
      .height(9)
      .withTarget(asTable(`mac_info{${MAC}}`, 'Info'))
      .withTarget(asTable(`gpu_utilization{${MAC}}`, 'Gpu'))
      .withTarget(asTable(`sum by (instance) (mac_power_watts{${MAC}})`, 'Power'))
      .withTarget(query(`memory_pressure_level{${MAC}}`).refId('Pressure'))
      .withTransformation({
        id: 'timeSeriesTable',
        filter: { id: 'byRefId', options: 'Pressure' },
        options: { Pressure: { stat: 'max' } },
      })
      .withTransformation({ id: 'joinByField', options: { byField: 'instance', mode: 'outer' } })
      .withTransformation({
        id: 'organize',
        options: {
          includeByName: {
            instance: true,
            chip: true,
            'Value #Gpu': true,
            'Value #Power': true,
            'Trend #Pressure': true,
          },
          indexByName: { instance: 0, chip: 1, 'Value #Gpu': 2, 'Value #Power': 3, 'Trend #Pressure': 4 },
          renameByName: {
            instance: 'Mac',
            chip: 'Chip',
            'Value #Gpu': 'GPU',
            'Value #Power': 'Power',
            'Trend #Pressure': 'Pressure',
          },
        },
      })
      .withTransformation({ id: 'sortBy', options: { sort: [{ field: 'Power', desc: true }] } })
      .overrideByName('Mac', [
        { id: 'links', value: [{ title: 'One Mac', url: '/d/mac?var-instance=${__value.raw}' }] },
      ])
      .overrideByName('GPU', [
        { id: 'unit', value: 'percentunit' },
        { id: 'min', value: 0 },
        { id: 'max', value: 1 },
        { id: 'custom.cellOptions', value: { type: 'gauge', mode: 'gradient', valueDisplayMode: 'text' } },
        { id: 'color', value: { mode: 'continuous-GrYlRd' } },
      ])
      .overrideByName('Power', [
        { id: 'unit', value: 'watt' },
        { id: 'decimals', value: 1 },
        { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
        {
          id: 'thresholds',
          value: {
            mode: 'absolute',
            steps: [
              { value: null, color: 'green' },
              { value: 40, color: 'orange' },
            ],
          },
        },
      ])
      .overrideByName('Pressure', [
        { id: 'custom.cellOptions', value: { type: 'sparkline', hideValue: false, fillOpacity: 20 } },
      ]),
  )
  .withPanel(
    new text.PanelBuilder()
      .title('Text')
      .span(8)
      .height(5)
      .mode(text.TextMode.Markdown)
      .content('# Heading\n\nA **paragraph** with `code` about $instance.\n\n- one\n- two'),
  )
  .withPanel(
    new timeseries.PanelBuilder()
      .title('No such metric')
      .span(8)
      .height(5)
      .withTarget(query('no_such_metric')),
  )
  .withPanel(
    new timeseries.PanelBuilder()
      .title('Bars and points')
      .span(8)
      .height(5)
      .drawStyle(common.GraphDrawStyle.Bars)
      .fillOpacity(60)
      .unit('bytes')
      .legend(new common.VizLegendOptionsBuilder().showLegend(false))
      .withTarget(query(`sum(mac_memory_used_bytes{${MAC}})`)),
  )
  .withRow(
    new dashboard.RowBuilder('Collapsed')
      .collapsed(true)
      .withPanel(
        new stat.PanelBuilder()
          .title('Inside a collapsed row')
          .span(6)
          .height(4)
          .withTarget(instant('vector(1)')),
      ),
  )
  .build();
