// One panel: its frame, its content, and in red what went wrong or cannot be drawn.

import type { GrafanaTheme2, TimeRange } from '@grafana/data';
import { PanelChrome } from '@grafana/ui';
import { Component, type ComponentType, type ReactNode } from 'react';
import type { Mark } from './annotations';
import type { LoadedPanel } from './load';
import type { PanelProps } from './panels/props';
import { BarGaugePanel, GaugePanel, StatPanel } from './panels/single';
import { TablePanel } from './panels/table';
import { TextPanel } from './panels/text';
import { TimelinePanel } from './panels/timeline';
import { TimeSeriesPanel } from './panels/timeseries';
import type { Variables } from './variables';

const CONTENT: Record<string, ComponentType<PanelProps>> = {
  timeseries: TimeSeriesPanel,
  stat: StatPanel,
  gauge: GaugePanel,
  bargauge: BarGaugePanel,
  table: TablePanel,
  'state-timeline': TimelinePanel,
  'status-history': TimelinePanel,
  text: TextPanel,
};

export interface PanelSettings {
  theme: GrafanaTheme2;
  timeRange: TimeRange;
  timeZone: string;
  variables: Variables;
  marks: Mark[];
}

interface Props extends PanelSettings {
  loaded: LoadedPanel;
  width: number;
  height: number;
}

export function Panel({ loaded, width, height, ...settings }: Props) {
  const { panel, answer } = loaded;
  const { variables } = settings;
  const title = variables.replace(panel.title ?? '', {}, 'text');
  return (
    <div style={{ position: 'relative' }}>
      <PanelChrome
        title={title}
        description={panel.description ? variables.replace(panel.description, {}, 'text') : ''}
        width={width}
        height={height}
        padding={panel.type === 'table' ? 'none' : 'md'}
        displayMode={panel.transparent ? 'transparent' : 'default'}
        hoverHeader={!title}
      >
        {(innerWidth, innerHeight) => (
          <Guard onError={(error) => answer.errors.push(error)}>
            <Content loaded={loaded} {...settings} width={innerWidth} height={innerHeight} />
          </Guard>
        )}
      </PanelChrome>
      <Faults lines={[...answer.errors, ...answer.undrawn.map((part) => `not drawn: ${part}`)]} />
    </div>
  );
}

function Content({ loaded, width, height, variables, marks, ...settings }: Props) {
  const { panel, configured, data, answer } = loaded;
  const Drawn = CONTENT[panel.type];
  if (!Drawn) return null;
  if (panel.type !== 'text' && answer.drawn === 'no data') {
    const text = configured.fieldConfig.defaults.noValue ?? 'No data';
    return <div style={{ height: '100%', display: 'grid', placeContent: 'center' }}>{text}</div>;
  }
  return (
    <Drawn
      {...settings}
      panel={panel}
      configured={configured}
      data={data}
      marks={marks}
      width={width}
      height={height}
      replace={variables.replace}
    />
  );
}

export function Faults({ lines }: { lines: string[] }) {
  if (!lines.length) return null;
  return (
    <div
      style={{
        position: 'absolute',
        zIndex: 10,
        inset: 'auto 0 0 0',
        padding: '2px 8px',
        background: '#fff',
        color: '#c00',
        border: '2px solid #c00',
        font: '12px sans-serif',
      }}
    >
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}

/** Shows what a component threw in its place. */
class Guard extends Component<{ children: ReactNode; onError: (error: string) => void }, { error?: string }> {
  override state: { error?: string } = {};

  static getDerivedStateFromError = (error: unknown) => ({ error: String(error) });

  override componentDidCatch(error: unknown): void {
    this.props.onError(`drawing failed: ${error instanceof Error ? error.message : String(error)}`);
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error ? <div style={{ color: '#c00' }}>{error}</div> : this.props.children;
  }
}
