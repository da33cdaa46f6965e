import '@fontsource/inter/400.css';
import '@fontsource/inter/500.css';
import '@fontsource/roboto-mono/400.css';
import { createTheme, dateMath, dateTime, ThemeContext, type TimeRange } from '@grafana/data';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import { marksOf } from './annotations';
import { gridOf } from './grid';
import { load, type LoadedPanel } from './load';
import type { Answer, PanelModel, Request } from './model';
import { MARGIN, Page } from './page';
import { registerTransformations } from './transformations';
import { Variables } from './variables';

/** PanelChrome's border and padding, which a plot does not get of a panel's width. */
const FRAME = 18;

async function draw(): Promise<void> {
  const request = (await (await fetch('/request.json')).json()) as Request;
  const { dashboard } = request;
  const answer: Answer = { panels: [], errors: [] };
  registerTransformations();
  const theme = createTheme({ colors: { mode: request.theme } });
  const timeRange = rangeOf(request);
  const variables = await Variables.load(dashboard.templating?.list ?? [], request, timeRange, answer.errors);
  const marks = await marksOf(dashboard.annotations?.list ?? [], timeRange, variables, answer.errors);
  const grid = gridOf(dashboard.panels ?? [], request.width - 2 * MARGIN, request.expand);
  answer.errors.push(...grid.faults);

  await Promise.all(
    ['400 14px Inter', '500 14px Inter', '400 12px "Roboto Mono"'].map((font) => document.fonts.load(font)),
  );
  const loaded = new Map<PanelModel, LoadedPanel>();
  for (const { panel, width } of grid.placed)
    loaded.set(panel, await load(panel, width - FRAME, { request, timeRange, theme, variables }));
  for (const reference of variables.unknown) answer.errors.push(`no variable ${reference}`);
  answer.panels = [...loaded.values()].map((one) => one.answer);

  createRoot(document.getElementById('root')!).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <Page
        request={request}
        grid={grid}
        loaded={loaded}
        faults={answer.errors}
        theme={theme}
        timeRange={timeRange}
        timeZone={request.timeZone}
        variables={variables}
        marks={marks}
      />
      <PortalContainer />
    </ThemeContext.Provider>,
  );
  // Plots draw in the frame after they are mounted.
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  window.picture = answer;
}

function rangeOf({ from, to, timeZone }: Request): TimeRange {
  const time = (text: string, roundUp: boolean) => {
    const value = /^\d+$/.test(text)
      ? dateTime(Number(text))
      : dateMath.toDateTime(text, { roundUp, timezone: timeZone });
    if (!value?.isValid()) throw new Error(`${text} is not a time: give milliseconds, a date, or now-3h`);
    return value;
  };
  return { from: time(from, false), to: time(to, true), raw: { from, to } };
}

draw().catch((error: unknown) => {
  window.picture = {
    panels: [],
    errors: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
  };
});
