// npm run pictures:all: the pictures of all dashboards, of a simulated fleet.

import { Command } from 'commander';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DashboardModel } from '../view/model';
import { HERE } from './build';
import { draw, openBrowser } from './draw';
import { historyServer } from './history';
import { report } from './report';

const NOTE = 'simulated: machine files, not live Macs';
const DASHBOARDS = join(HERE, '..', '..', 'dashboards');

/** Of the history's Macs, one that has all a dashboard shows. */
const PICTURES: Record<string, Record<string, string[]>> = {
  mac: { instance: ['macbook-pro-02.farm.example:13013'] },
  'mac-fleet': {},
  'ml-host': { instance: ['mac-studio-01.farm.example:13013'] },
};

interface Options {
  hours: string;
  out: string;
  expand: boolean;
}

const { hours, out, expand } = new Command('pictures:all')
  .description('Makes a history of simulated Macs and draws all dashboards with it, dark and light.')
  .option('--hours <hours>', 'how long the history is', '3')
  .option('--out <folder>', 'where the pictures go', join(DASHBOARDS, 'pictures'))
  .option('--expand', 'opens collapsed rows', false)
  .parse()
  .opts<Options>();

const folder = resolve(out);
mkdirSync(folder, { recursive: true });
const { prometheus, from, to, stop } = await historyServer(Number(hours));
const browser = await openBrowser();
try {
  for (const [name, variables] of Object.entries(PICTURES)) {
    const dashboard = JSON.parse(
      readFileSync(join(DASHBOARDS, 'grafana', `${name}.json`), 'utf8'),
    ) as DashboardModel;
    for (const theme of ['dark', 'light'] as const) {
      const picture = join(folder, theme === 'dark' ? `${name}.png` : `${name}-light.png`);
      const request = {
        dashboard,
        from: String(from),
        to: String(to),
        variables,
        theme,
        width: 1600,
        scrapeInterval: 15,
        timeZone: 'utc',
        note: NOTE,
        expand,
      };
      const drawn = await draw(browser, { request, prometheus, out: picture, scale: 1 });
      if (!report(picture, drawn)) process.exitCode = 1;
    }
  }
} finally {
  await browser.close();
  await stop();
}
