// status: what the Mac does, in a terminal or as metalstat's JSON; once, or again and again.

import { setImmediate } from 'node:timers/promises';
import { OptionError, seconds, wholeNumber, type OptionValues } from '../config/settings';
import type { Collector } from '../metrics/metric';
import type { Collection } from '../metrics/page';
import { figuresOf } from './figures';
import { every, Monitor, waits } from './monitor';
import { TopProcesses } from './processes';
import { metaOf, sampleOf, wallClock } from './sample';
import { Screen } from './screen';
import { tellTroubles } from './troubles';
import { paint } from './view/ansi';
import { playing } from './machine';
import { SUBJECTS, view, type Subject } from './view/view';

const OPTION_OF: Readonly<Record<Subject, string>> = {
  cpu: 'show-cpu',
  power: 'show-power',
  memory: 'show-memory',
  gpuMem: 'show-gpu-mem',
  swap: 'show-swap',
  ane: 'show-ane',
  temp: 'show-temp',
  procs: 'show-procs',
};
/** Not in --show-all. */
const APART: ReadonlySet<Subject> = new Set(['temp', 'procs']);
/** Columns of what is written into a file. */
const FILE_WIDTH = 80;
/** Seconds. */
const SHORTEST_INTERVAL = 0.1;
const LONGEST = 86_400;

export async function status(values: OptionValues): Promise<void> {
  const wanted = wantedOf(values);
  const monitor = await Monitor.open(values['machine'] as string | undefined, wanted);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  let failure: NodeJS.ErrnoException | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read this has gone, or the terminal has: there is nobody to tell.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') failure = error;
    stop.abort();
  });
  try {
    if (monitor.machine !== undefined && wanted.form !== 'view') console.error(playing(monitor.machine));
    await show(monitor, wanted, stop.signal);
  } finally {
    monitor.close();
  }
  // What went wrong with the last piece is told a moment later.
  await setImmediate();
  if (failure) throw new Error(`cannot write to standard output: ${failure.message}`);
}

type Wanted = ReturnType<typeof wantedOf>;

function wantedOf(values: OptionValues) {
  const is = (name: string) => values[name] === true;
  const subjects = new Set(
    SUBJECTS.filter((subject) => is(OPTION_OF[subject]) || (is('show-all') && !APART.has(subject))),
  );
  const form = is('jsonl') ? 'jsonl' : is('meta-json') ? 'meta-json' : 'view';
  const given = values['interval'];
  const interval =
    given === undefined
      ? undefined
      : given === true
        ? 1
        : seconds(values, 'interval', LONGEST, SHORTEST_INTERVAL);
  if (is('jsonl') && is('meta-json')) throw new OptionError('--jsonl and --meta-json exclude each other');
  if (form === 'meta-json' && interval !== undefined)
    throw new OptionError('--meta-json is printed once: it takes no --interval');
  const also: Collector[] = [
    ...(subjects.has('temp') ? (['thermal', 'battery'] as const) : []),
    ...(subjects.has('procs') ? (['app'] as const) : []),
  ];
  return {
    subjects,
    form,
    interval,
    also,
    length: seconds(values, 'sample-duration', LONGEST),
    count: wholeNumber(values, 'num-procs'),
    hasHeader: values['header'] !== false,
    isColoured: coloursOf(values['color']),
    isDebugging: is('debug'),
  } as const;
}

/** https://no-color.org: set and not empty. */
function coloursOf(option: unknown): boolean {
  if (typeof option === 'boolean') return option;
  return isScreen() && !process.env['NO_COLOR'];
}

/** Whether standard output is a terminal that can do more than type. */
const isScreen = (): boolean => process.stdout.isTTY && process.env['TERM'] !== 'dumb';

async function show(monitor: Monitor, wanted: Wanted, signal: AbortSignal): Promise<void> {
  const { form, interval, isDebugging } = wanted;
  const processes = new TopProcesses();
  if (wanted.subjects.has('procs')) processes.take(await monitor.collect(), 0);
  const tell = isDebugging ? tellTroubles() : undefined;
  if (form === 'meta-json') {
    const collection = await monitor.collect();
    tell?.(collection);
    const meta = metaOf(figuresOf(collection), monitor.hostname ?? null, new Date());
    process.stdout.write(`${JSON.stringify(meta, undefined, 2)}\n`);
    return;
  }
  if (!(await waits(monitor.firstAfter, signal))) return;
  const out = form === 'jsonl' ? lines() : views(monitor, wanted, processes);
  try {
    const tick = async () => {
      // A source that hangs does not keep the command from ending for longer than this.
      const collection = await monitor.collect(Math.max(1, interval ?? Infinity));
      if (signal.aborted) return;
      tell?.(collection);
      out.show(collection);
    };
    await (interval === undefined ? tick() : every(interval, signal, tick));
  } finally {
    out.close();
  }
}

interface Output {
  show(collection: Collection): void;
  close(): void;
}

function lines(): Output {
  let start: number | undefined;
  return {
    show(collection) {
      const t = Date.now() / 1000;
      start ??= t;
      process.stdout.write(`${JSON.stringify(sampleOf(figuresOf(collection), t, start))}\n`);
    },
    close: () => undefined,
  };
}

function views(monitor: Monitor, wanted: Wanted, processes: TopProcesses): Output {
  const { interval, subjects, hasHeader, isColoured, count } = wanted;
  const { machine, hostname: host } = monitor;
  const linesOf = (collection: Collection) => {
    const figures = figuresOf(collection);
    const rows = subjects.has('procs') ? processes.take(collection, count) : [];
    const header = hasHeader ? { host, time: wallClock(new Date()) } : undefined;
    return (width: number) => view(figures, { subjects, width, header, machine }, rows);
  };
  if (interval !== undefined && isScreen()) {
    const screen = new Screen(process.stdout, isColoured);
    return { show: (collection) => screen.draw(linesOf(collection)), close: () => screen.close() };
  }
  return {
    show(collection) {
      const width = process.stdout.isTTY ? process.stdout.columns : FILE_WIDTH;
      const text = linesOf(collection)(width).map((line) => `${paint(line, isColoured)}\n`);
      process.stdout.write(text.join(''));
    },
    close: () => undefined,
  };
}
