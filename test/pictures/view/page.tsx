// The page of a dashboard: its bar with variables and time range, its rows and its panels.

import { dateTimeFormat, rangeUtil, type GrafanaTheme2, type TimeRange } from '@grafana/data';
import { Icon } from '@grafana/ui';
import type { ReactNode } from 'react';
import type { Grid } from './grid';
import type { LoadedPanel } from './load';
import type { PanelModel, Request } from './model';
import { Faults, Panel, type PanelSettings } from './panel';
import { chosenText, type Variables } from './variables';
import { marksFor } from './annotations';

interface Props extends PanelSettings {
  request: Request;
  grid: Grid;
  loaded: Map<PanelModel, LoadedPanel>;
  faults: string[];
}

/** Beside the grid, as Grafana has it. */
export const MARGIN = 16;

export function Page({ request, grid, loaded, faults, ...settings }: Props) {
  const { theme, timeRange, timeZone, variables, marks } = settings;
  const { text, background } = theme.colors;
  return (
    <div
      style={{
        width: request.width,
        background: background.canvas,
        color: text.primary,
        paddingBottom: MARGIN,
      }}
    >
      <Bar request={request} theme={theme} timeRange={timeRange} timeZone={timeZone} />
      <Pickers request={request} theme={theme} variables={variables} />
      <div style={{ position: 'relative', margin: `0 ${MARGIN}px`, height: grid.height }}>
        {grid.placed.map(({ panel, left, top, width, height }, index) => (
          <div key={index} style={{ position: 'absolute', left, top, width, height }}>
            {panel.type === 'row' ? (
              <Row panel={panel} theme={theme} variables={variables} />
            ) : (
              <Panel
                {...settings}
                loaded={loaded.get(panel)!}
                marks={marksFor(panel, marks)}
                width={width}
                height={height}
              />
            )}
          </div>
        ))}
      </div>
      <div style={{ position: 'relative', minHeight: faults.length * 18 }}>
        <Faults lines={faults} />
      </div>
    </div>
  );
}

function Bar({
  request,
  theme,
  timeRange,
  timeZone,
}: {
  request: Request;
  theme: GrafanaTheme2;
  timeRange: TimeRange;
  timeZone: string;
}) {
  const relative = String(timeRange.raw.from).includes('now');
  const absolute = [timeRange.from, timeRange.to]
    .map((time) => dateTimeFormat(time, { timeZone }))
    .join(' to ');
  return (
    <div
      style={{
        display: 'flex',
        alignItems: 'center',
        gap: 16,
        padding: `8px ${MARGIN}px`,
        borderBottom: `1px solid ${theme.colors.border.weak}`,
        background: theme.colors.background.primary,
      }}
    >
      <span style={{ fontSize: 16, fontWeight: 500 }}>{request.dashboard.title}</span>
      {request.note && (
        <span
          style={{
            padding: '1px 8px',
            border: `1px solid ${theme.colors.warning.border}`,
            color: theme.colors.warning.text,
          }}
        >
          {request.note}
        </span>
      )}
      <span style={{ flexGrow: 1 }} />
      <Box theme={theme}>
        <Icon name="clock-nine" /> {relative ? rangeUtil.describeTimeRange(timeRange.raw) : absolute}{' '}
        <span style={{ color: theme.colors.text.secondary }}>{timeZone === 'utc' ? 'UTC' : ''}</span>
      </Box>
    </div>
  );
}

function Pickers({
  request,
  theme,
  variables,
}: {
  request: Request;
  theme: GrafanaTheme2;
  variables: Variables;
}) {
  const shown = variables.list.filter(({ model }) => (model.hide ?? 0) < 2 && model.type !== 'constant');
  const links = request.dashboard.links ?? [];
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8, padding: `12px ${MARGIN}px`, minHeight: 16 }}>
      {shown.map((variable) => (
        <div key={variable.model.name} style={{ display: 'flex' }}>
          {variable.model.hide !== 1 && (
            <Box theme={theme} label>
              {variable.model.label || variable.model.name}
            </Box>
          )}
          <Box theme={theme}>
            {chosenText(variable)} <Icon name="angle-down" />
          </Box>
        </div>
      ))}
      <span style={{ flexGrow: 1 }} />
      {links.map(({ title }) => (
        <Box key={title} theme={theme}>
          <Icon name="external-link-alt" /> {title}
        </Box>
      ))}
    </div>
  );
}

function Box({ theme, label, children }: { theme: GrafanaTheme2; label?: boolean; children: ReactNode }) {
  const { border, background } = theme.colors;
  return (
    <span
      style={{
        padding: '5px 8px',
        minHeight: 32,
        maxWidth: 500,
        whiteSpace: 'nowrap',
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        fontSize: label ? 12 : 14,
        fontWeight: label ? 500 : 400,
        border: `1px solid ${border.medium}`,
        background: label ? background.secondary : background.primary,
      }}
    >
      {children}
    </span>
  );
}

function Row({ panel, theme, variables }: { panel: PanelModel; theme: GrafanaTheme2; variables: Variables }) {
  const count = panel.panels?.length ?? 0;
  return (
    <div style={{ display: 'flex', alignItems: 'center', gap: 8, height: 30 }}>
      <Icon name={panel.collapsed ? 'angle-right' : 'angle-down'} />
      <span style={{ fontSize: 16, fontWeight: 500 }}>
        {variables.replace(panel.title ?? '', {}, 'text')}
      </span>
      {panel.collapsed && (
        <span style={{ color: theme.colors.text.secondary, fontSize: 12 }}>
          ({count} {count === 1 ? 'panel' : 'panels'})
        </span>
      )}
    </div>
  );
}
