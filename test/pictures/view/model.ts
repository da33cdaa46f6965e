// A dashboard's JSON as the viewer reads it, what is asked of the viewer, and what it answers.

import type { DataLink, DataTransformerConfig, FieldConfigSource } from '@grafana/data';

export interface GridPos {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Target {
  refId: string;
  expr: string;
  format?: 'time_series' | 'table' | 'heatmap';
  instant?: boolean;
  range?: boolean;
  legendFormat?: string;
  interval?: string;
  intervalFactor?: number;
  hide?: boolean;
}

export interface PanelModel {
  id?: number;
  type: string;
  title?: string;
  description?: string;
  gridPos: GridPos;
  targets?: Target[];
  options?: Record<string, unknown>;
  fieldConfig?: FieldConfigSource;
  transformations?: DataTransformerConfig[];
  transparent?: boolean;
  interval?: string;
  maxDataPoints?: number;
  links?: DataLink[];
  /** Of a row. */
  collapsed?: boolean;
  panels?: PanelModel[];
}

export interface VariableModel {
  type: string;
  name: string;
  label?: string;
  hide?: number;
  query?: string | { query?: string };
  current?: { text?: string | string[]; value?: string | string[] };
  options?: { value: string | string[]; text?: string | string[] }[];
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string;
  regex?: string;
  sort?: number;
}

export interface AnnotationModel {
  name: string;
  enable: boolean;
  builtIn?: number;
  hide?: boolean;
  iconColor?: string;
  expr?: string;
  step?: string;
  titleFormat?: string;
  textFormat?: string;
  tagKeys?: string;
  useValueForTime?: boolean;
  filter?: { exclude?: boolean; ids: number[] };
}

export interface DashboardModel {
  title: string;
  panels?: PanelModel[];
  templating?: { list?: VariableModel[] };
  annotations?: { list?: AnnotationModel[] };
  links?: { title: string }[];
  timezone?: string;
}

export interface Request {
  dashboard: DashboardModel;
  from: string;
  to: string;
  /** Values of variables by name; of a multi-value variable as many as wanted. */
  variables: Record<string, string[]>;
  theme: 'dark' | 'light';
  width: number;
  /** Seconds. */
  scrapeInterval: number;
  timeZone: string;
  /** Shown beside the title. */
  note?: string;
  /** Draws what is inside collapsed rows too. */
  expand: boolean;
}

export interface PanelAnswer {
  title: string;
  type: string;
  /** What was drawn: "12 series", "3 values", "4 rows", "no data". */
  drawn: string;
  /** Queries and scripts that failed. */
  errors: string[];
  /** Parts of the dashboard that the viewer cannot draw. */
  undrawn: string[];
}

export interface Answer {
  panels: PanelAnswer[];
  /** Faults outside of panels: variables, annotations, the grid. */
  errors: string[];
}

declare global {
  interface Window {
    picture?: Answer;
  }
}
