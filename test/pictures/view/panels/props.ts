import type { DataFrame, GrafanaTheme2, InterpolateFunction, TimeRange } from '@grafana/data';
import type { Mark } from '../annotations';
import type { Configured } from '../fields';
import type { PanelModel } from '../model';

export interface PanelProps {
  panel: PanelModel;
  configured: Configured;
  data: DataFrame[];
  marks: Mark[];
  width: number;
  height: number;
  theme: GrafanaTheme2;
  timeRange: TimeRange;
  timeZone: string;
  replace: InterpolateFunction;
}

/** The options of one panel type, as Grafana types them. */
export const optionsOf = <T>({ configured }: PanelProps): T => configured.options as T;
