// The queries of a Grafana dashboard, as a Prometheus gets them when everything is chosen.

import { readFileSync } from 'node:fs';

export interface PanelQuery {
  readonly panel: string;
  readonly expr: string;
  readonly isInstant: boolean;
}

interface Target {
  readonly expr?: string;
  readonly instant?: boolean;
}
interface Panel {
  readonly title?: string;
  readonly targets?: readonly Target[];
  readonly panels?: readonly Panel[];
}
interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating?: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query?: unknown }[];
  };
}

/** `range` in seconds, of what would be looked at. */
export function queriesOf(file: string, range: number): PanelQuery[] {
  const { panels, templating } = JSON.parse(readFileSync(file, 'utf8')) as Dashboard;
  const variables = new Map([
    ['__rate_interval', '1m'],
    ['__interval', '15s'],
    ['__range', `${range}s`],
    // A text box holds a number; of what is chosen from a list, all of it.
    ...(templating?.list ?? []).map(({ name, type, query }): [string, string] => [
      name,
      type === 'textbox' || type === 'constant' ? String(query) : '.+',
    ]),
  ]);
  const value = (whole: string, name: string) => {
    const known = variables.get(name);
    if (known === undefined) throw new Error(`${file}: the variable ${whole} is not defined`);
    return known;
  };
  return panels.flatMap(everyPanel).flatMap(({ title = '', targets = [] }) =>
    targets.flatMap(({ expr, instant }) =>
      expr === undefined
        ? []
        : [
            {
              panel: title,
              expr: expr.replace(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (whole, braced?: string, bare?: string) =>
                value(whole, braced ?? bare ?? ''),
              ),
              isInstant: instant ?? false,
            },
          ],
    ),
  );
}

const everyPanel = (panel: Panel): Panel[] => [panel, ...(panel.panels ?? []).flatMap(everyPanel)];
