// npm run pictures: one picture of one dashboard.

import { Command, InvalidArgumentError, Option } from 'commander';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DashboardModel } from '../view/model';
import { draw, openBrowser } from './draw';
import { report } from './report';

interface Options {
  dashboard: string;
  prometheus: string;
  out: string;
  from: string;
  to: string;
  var: Record<string, string[]>;
  theme: 'dark' | 'light';
  width: number;
  scale: number;
  scrapeInterval: number;
  timeZone: string;
  note?: string;
  expand: boolean;
}

const number = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
};

const variable = (text: string, before: Record<string, string[]>): Record<string, string[]> => {
  const [, name, value] = /^(?:var-)?(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It must be name=value.');
  return { ...before, [name]: [...(before[name] ?? []), value === 'All' ? '$__all' : value] };
};

function read(file: string): DashboardModel {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DashboardModel;
  } catch (error) {
    return program.error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const program = new Command('pictures')
  .description('Draws a Grafana dashboard with data of a Prometheus into a PNG.')
  .requiredOption('--dashboard <file>', 'JSON of a classic dashboard')
  .requiredOption('--prometheus <url>', 'address of a Prometheus')
  .requiredOption('--out <file>', 'the PNG to write')
  .option('--from <time>', 'milliseconds, a date, or now-3h', 'now-1h')
  .option('--to <time>', 'the same', 'now')
  .option('--var <name=value>', 'value of a variable; again for more; All for all', variable, {})
  .addOption(new Option('--theme <theme>', 'colours').choices(['dark', 'light']).default('dark'))
  .option('--width <pixels>', 'width of the page', number, 1600)
  .option('--scale <factor>', 'device pixels per pixel', number, 1)
  .option('--scrape-interval <seconds>', "the data source's scrape interval", number, 15)
  .option('--time-zone <zone>', 'as in Grafana', 'utc')
  .option('--note <text>', 'shown beside the title')
  .option('--expand', 'opens collapsed rows', false)
  .parse();

const options = program.opts<Options>();
const { prometheus, theme, width, scale, from, to, note, expand, scrapeInterval, timeZone } = options;
const out = resolve(options.out);
const dashboard = read(options.dashboard);

const browser = await openBrowser();
try {
  const request = {
    dashboard,
    from,
    to,
    variables: options.var,
    theme,
    width,
    scrapeInterval,
    timeZone,
    note,
    expand,
  };
  const drawn = await draw(browser, { request, prometheus, out, scale });
  process.exitCode = report(out, drawn) ? 0 : 1;
} finally {
  await browser.close();
}
