// What Grafana's own types say of a classic dashboard and of its panels. JSON Schemas are made from these.
/* eslint-disable @typescript-eslint/no-empty-object-type, @typescript-eslint/no-deprecated */

import type { Dashboard } from '@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen';
import type * as bargauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as statetimeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

export interface Classic extends Dashboard {}
export interface BargaugeOptions extends bargauge.Options {}
export interface StatOptions extends stat.Options {}
export interface StatetimelineOptions extends statetimeline.Options {}
export interface StatetimelineCustom extends statetimeline.FieldConfig {}
export interface TableOptions extends table.Options {}
export interface TableCustom extends table.FieldConfig {}
export interface TimeseriesOptions extends timeseries.Options {}
export interface TimeseriesCustom extends timeseries.FieldConfig {}
