// run: starts a command and writes down what the Mac does while it runs. The command comes first: it runs as if started by
// itself, whatever becomes of the files and the readings.

import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { once } from 'node:events';
import { isatty } from 'node:tty';
import { OptionError, seconds, type OptionValues } from '../config/settings';
import type { Collection } from '../metrics/page';
import { figuresOf } from './figures';
import { every, Monitor, waits } from './monitor';
import { metaOf, sampleOf } from './sample';
import { Summary } from './summary';
import { playing } from './machine';
import { OutputFile, say, warn } from './output_file';

const FORWARDED = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
const SHORTEST_INTERVAL = 0.1;
const LONGEST_INTERVAL = 86_400;
/** Exit codes of a shell. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
const KILLED = 128;
/** Seconds for what is in the pipes when the command has ended: what it started may hold them open for ever. */
const DRAIN = 2;
/** Seconds for a reading: who waits for the command waits for the last one, too. */
const PATIENCE = 1;

export async function run(values: OptionValues, command: readonly string[]): Promise<void> {
  const prefix = values['output'];
  if (typeof prefix !== 'string' || prefix === '')
    throw new OptionError('run needs -o PREFIX: the files are PREFIX.meta.json, PREFIX.jsonl and PREFIX.log');
  if (command.length === 0)
    throw new OptionError('run needs a command: metalstat-exporter run -o PREFIX -- COMMAND ARGUMENTS');
  const interval = seconds(values, 'interval', LONGEST_INTERVAL, SHORTEST_INTERVAL);
  const monitor = await Monitor.open(values['machine'] as string | undefined);
  try {
    if (monitor.machine !== undefined) say(playing(monitor.machine));
    const files = {
      meta: new OutputFile(`${prefix}.meta.json`),
      lines: new OutputFile(`${prefix}.jsonl`),
      log: values['capture'] === true ? new OutputFile(`${prefix}.log`) : undefined,
    };
    process.exitCode = await record(monitor, command, interval, files);
    for (const file of Object.values(files)) file?.close();
  } finally {
    monitor.close();
  }
}

interface Files {
  readonly meta: OutputFile;
  readonly lines: OutputFile;
  readonly log: OutputFile | undefined;
}

async function record(
  monitor: Monitor,
  command: readonly string[],
  interval: number,
  { meta, lines, log }: Files,
): Promise<number> {
  const first = await monitor.collect();
  const started = new Date();
  const about = metaOf(figuresOf(first), monitor.hostname ?? null, started);
  meta.append(`${JSON.stringify({ ...about, command, started: started.toISOString() }, undefined, 2)}\n`);

  const summary = new Summary(first);
  const begin = now();
  let written = begin - interval;
  const write = (collection: Collection) => {
    const figures = figuresOf(collection);
    summary.take(figures);
    written = now();
    lines.append(`${JSON.stringify(sampleOf(figures, written, begin))}\n`);
  };
  const over = new AbortController();
  const ending = runToEnd(command, log);
  void ending.finally(() => over.abort());
  const ticks = waits(interval, over.signal).then(() =>
    every(interval, over.signal, async () => {
      const collection = await monitor.collect(PATIENCE);
      // The last line is written at the end.
      if (!over.signal.aborted) write(collection);
    }),
  );
  // A reading that goes wrong must not end what it reads beside.
  const recorded = ticks.catch((error: unknown) => warn(`readings have ended: ${String(error)}`));
  const { code, at } = await ending;
  await recorded;
  if (at === undefined) return code;
  try {
    const last = await monitor.collect(PATIENCE);
    // What ends just after a line has no other.
    if (at - written >= interval / 2) write(last);
    warn(summary.tell(last, at - begin));
  } catch (error) {
    warn(`the last reading has failed: ${String(error)}`);
  }
  return code;
}

/** Never rejects. `at` is Unix time, if it has run at all. */
async function runToEnd(
  [program, ...args]: readonly string[],
  log: OutputFile | undefined,
): Promise<{ code: number; at?: number }> {
  let child: ChildProcess | undefined;
  // Before the start: a signal in between would end this process and leave the command behind.
  const forward = (signal: NodeJS.Signals) => {
    // The terminal has sent Ctrl-C to the command as well; twice means something else to many programs.
    if (signal === 'SIGINT' && isatty(0)) return;
    child?.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    child = spawn(program!, args, { stdio: log ? ['inherit', 'pipe', 'pipe'] : 'inherit' });
    if (log) capture(child, log);
    await once(child, 'spawn');
    return await endOf(child, log !== undefined);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    warn(
      isMissing
        ? `there is no command ${program!}; give a path, or a name that is on PATH`
        : `cannot start ${program!}: ${(error as Error).message}; is it a program, and executable?`,
    );
    return { code: isMissing ? NOT_FOUND : NOT_EXECUTABLE };
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}

/** The exit code of a command that runs, and when it ended. */
async function endOf(child: ChildProcess, isCaptured: boolean): Promise<{ code: number; at: number }> {
  // A signal that may not be sent, to what sudo has started for example, is no end.
  child.on('error', (error) => warn(`cannot pass on a signal: ${error.message}; the command runs on`));
  const closed = new Promise((resolve) => child.once('close', resolve));
  const code = await new Promise<number>((resolve) => {
    child.once('exit', (exit, signal) => {
      resolve(signal === null ? exit! : KILLED + constants.signals[signal]);
    });
  });
  const at = now();
  if (!isCaptured) return { code, at };
  const drained = new AbortController();
  await Promise.race([closed, waits(DRAIN, drained.signal)]);
  drained.abort();
  for (const pipe of [child.stdout, child.stderr]) pipe?.destroy();
  return { code, at };
}

/** Passes on what the command prints, at the pace of whoever reads it, and writes it to the log. */
function capture({ stdout, stderr }: ChildProcess, log: OutputFile): void {
  for (const [from, to] of [
    [stdout!, process.stdout],
    [stderr!, process.stderr],
  ] as const) {
    let isRead = true;
    // Who read it has gone; the log goes on.
    to.on('error', () => {
      isRead = false;
      from.resume();
    });
    from.on('data', (data: Buffer) => {
      log.append(data);
      if (!isRead || to.write(data)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
  }
}

/** Unix time in seconds. */
const now = (): number => Date.now() / 1000;
