// An exporter on a machine file, its clock stepped by hand.

import { aboutThis, assemble, openMachine } from '../../src/exporter';
import { EVERYTHING_DEFAULT, families, withDefaults, type Selection } from '../../src/metrics/catalogue';
import { COLLECTORS } from '../../src/metrics/metric';
import type { Pages } from '../../src/metrics/page';
import type { Format } from '../../src/metrics/write';
import type { Double, Live } from '../../src/native/native';
import { DEFAULT_APP_RULE, type AppRule } from '../../src/sampler/labels';
import type { Sampler } from '../../src/sampler/sampler';
import type { WindowRule } from '../../src/sampler/window';
import { machineText, type Machine } from './machines';

/** Every family, the optional ones included. */
export const EVERYTHING: Selection = {
  collectors: new Set(COLLECTORS),
  options: withDefaults(['collector.cpu.states', 'collector.energy.detail']),
};

export interface Call {
  readonly function: string;
  readonly nth: number;
  readonly forever?: boolean;
  readonly how?: 'fail' | 'null' | 'short' | 'garbage' | 'hang' | 'slow';
  /** Of what is slow. */
  readonly ms?: number;
  readonly code?: number;
}
export type Channel = readonly [group: string, name: string];
export interface FaultPlan {
  readonly calls?: readonly Call[];
  readonly events?: readonly (
    | { readonly at: number; readonly take: Channel }
    | { readonly at: number; readonly give: Channel }
    | { readonly at: number; readonly reset: Channel }
    | { readonly at: number; readonly sleep: number }
    | { readonly at: number; readonly reorder: string }
  )[];
  readonly without?: readonly string[];
}

export interface Options {
  readonly selection?: Selection;
  readonly window?: WindowRule;
  readonly apps?: Partial<AppRule>;
  readonly plan?: FaultPlan;
  readonly clock?: 'real' | 'manual';
}

export class TestExporter {
  readonly double: Double;
  readonly pages: Pages;
  readonly sampler: Sampler;

  constructor(
    machine: string | Machine,
    { selection = EVERYTHING_DEFAULT, window, apps, plan, clock = 'manual' }: Options = {},
  ) {
    const file =
      typeof machine === 'string'
        ? { name: machine, text: machineText(machine) }
        : { name: 'a variant', text: JSON.stringify(machine) };
    this.double = openMachine(file, clock);
    if (plan) this.plan(plan);
    const { pages, sampler } = assemble(this.double, selection, aboutThis(file), {
      ...(window && { window }),
      apps: { ...DEFAULT_APP_RULE, ...apps },
    });
    this.pages = pages;
    this.sampler = sampler;
  }

  plan(plan: FaultPlan): void {
    this.double.plan(JSON.stringify(plan));
  }

  step(seconds: number): this {
    this.double.step(seconds);
    return this;
  }

  page(format: Format = 'text', timeout = 5): Promise<string> {
    return this.pages.render({ format, timeout });
  }

  /** Collects, waits `seconds` of the machine's time and gives the page then. */
  async pageAfter(seconds: number, format: Format = 'text'): Promise<string> {
    await this.page();
    return this.step(seconds).page(format);
  }

  /** What is still open after the end. */
  close(): Live {
    this.plan({});
    this.double.releaseHangs();
    // A close waits 50 ms for its threads, which a busy computer may not give them.
    for (let attempt = 0; attempt < 100; attempt++) if (this.double.close()) return this.double.live();
    throw new Error('a source hangs');
  }
}

/** Runs `use` on an exporter and closes it. */
export async function withExporter<T>(
  machine: string | Machine,
  use: (exporter: TestExporter) => Promise<T>,
  options: Options = {},
): Promise<T> {
  const exporter = new TestExporter(machine, options);
  try {
    return await use(exporter);
  } finally {
    exporter.close();
  }
}

const volatile = new Set(families.filter((family) => family.volatile).map(({ name }) => name));
const nameOf = (line: string) => line.replace(/^# (?:HELP|TYPE|UNIT) /, '').replace(/[{ ].*/s, '');

/** A page without the families that tell of this computer and the moment. */
export const stable = (page: string): string =>
  page
    .split('\n')
    .filter((line) => !volatile.has(nameOf(line)))
    .join('\n');

/** Samples of a page by series, as written: `name{label="value"}` -> value. */
export function samples(page: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of page.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const blank = line.lastIndexOf(' ');
    found.set(line.slice(0, blank), Number(line.slice(blank + 1)));
  }
  return found;
}

/** Sample lines of some families. */
export const only = (page: string, family: RegExp): string[] =>
  page
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && family.test(line.replace(/[{ ].*/, '')));
