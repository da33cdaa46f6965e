// The scrapes of a Mac whose work changes: real pages of the exporter on its file, at stepped time.

import { aboutThis, assemble, openMachine, type MachineFile } from '../../../src/exporter';
import { EVERYTHING_DEFAULT } from '../../../src/metrics/catalogue';
import { factsOf, machineOfDay } from '../../machines/build/day';
import { serialize } from '../../../src/cli/record/serialize';
import { phasesOf, type HistoryMac } from './macs';

/** Seconds between two scrapes. */
export const INTERVAL = 15;
/** Seconds between two frames of a short history; a long one has as many frames as one of six hours. */
const FRAMES_EVERY = 30;
const MOST_FRAMES = 720;

/** What a Mac did in so many seconds, as a machine file. */
export function machineOfMac(mac: HistoryMac, seconds: number): MachineFile {
  const { name, file } = machineOfDay(factsOf(mac.machine), {
    phases: phasesOf(mac, seconds),
    every: Math.max(FRAMES_EVERY, seconds / MOST_FRAMES),
    name: mac.host.replace(/\..*/, ''),
    ...(mac.charge && { charge: mac.charge }),
  });
  return { name, text: serialize(file) };
}

/** Seconds to the first scrape: Prometheus spreads them over the interval. */
export const firstScrape = ({ host }: HistoryMac): number =>
  Math.round(1000 * INTERVAL * spread(host)) / 1000;

/** OpenMetrics lines, one scrape after the other, the last of them not after `end` (Unix time in seconds). */
export async function* scrapesOf(mac: HistoryMac, seconds: number, end: number): AsyncIterable<string> {
  const machine = machineOfMac(mac, seconds);
  const double = openMachine(machine, 'manual');
  const { pages } = assemble(double, EVERYTHING_DEFAULT, aboutThis(machine));
  const own = labels('mac', `${mac.host}:13013`);
  const server =
    mac.tokens === undefined
      ? undefined
      : new LanguageModelServer(mac.host, mac.tokens, phasesOf(mac, seconds));
  double.step(firstScrape(mac));
  for (let now = firstScrape(mac); now < seconds; now += INTERVAL) {
    const at = (end - seconds + now).toFixed(3);
    const start = performance.now();
    const page = await pages.render({ format: 'openmetrics', timeout: 10 });
    const took = (performance.now() - start) / 1000;
    const samples = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    yield [
      ...samples.map((sample) => labelled(sample, own, at)),
      `up{${own}} 1 ${at}`,
      `scrape_duration_seconds{${own}} ${took} ${at}`,
      `scrape_samples_scraped{${own}} ${samples.length} ${at}`,
      ...(server?.scrape(now, samples, at) ?? []),
      '',
    ].join('\n');
    double.step(INTERVAL);
  }
  double.close();
}

export const labels = (job: string, instance: string): string => `job="${job}",instance="${instance}"`;

/** A line of a page as Prometheus would store it. */
export function labelled(sample: string, own: string, at: string): string {
  const blank = sample.lastIndexOf(' ');
  const brace = sample.indexOf('{');
  return brace < 0
    ? `${sample.slice(0, blank)}{${own}}${sample.slice(blank)} ${at}`
    : `${sample.slice(0, brace + 1)}${own},${sample.slice(brace + 1)} ${at}`;
}

/** 0 to 1, another one for each name. */
const spread = (name: string): number =>
  Buffer.from(name).reduce((hash, byte) => (hash * 31 + byte) % 997, 7) / 997;

const GPU_SECONDS = 'mac_gpu_active_seconds_total ';

/** What a llama.cpp server says of itself with --metrics: tokens, as many as its Mac's GPU had time for. */
class LanguageModelServer {
  private readonly own: string;
  private before: number | undefined;
  private predicted = 0;

  constructor(
    host: string,
    private readonly tokens: number,
    private readonly phases: ReturnType<typeof phasesOf>,
  ) {
    this.own = labels('llm', `${host}:8080`);
  }

  scrape(now: number, samples: readonly string[], at: string): string[] {
    const seconds = Number(
      samples.find((sample) => sample.startsWith(GPU_SECONDS))?.slice(GPU_SECONDS.length),
    );
    const serves = this.serves(now) && this.serves(now - INTERVAL);
    if (serves && this.before !== undefined) this.predicted += (seconds - this.before) * this.tokens;
    this.before = seconds;
    return [
      `up{${this.own}} 1 ${at}`,
      `llamacpp:tokens_predicted_total{${this.own}} ${Math.floor(this.predicted)} ${at}`,
      `llamacpp:prompt_tokens_total{${this.own}} ${Math.floor(this.predicted * 3.6)} ${at}`,
      `llamacpp:requests_processing{${this.own}} ${this.serves(now) ? 1 : 0} ${at}`,
    ];
  }

  private serves(now: number): boolean {
    let end = 0;
    const phase = this.phases.find(({ seconds }) => now < (end += seconds));
    return phase?.doing === 'llm' || phase?.doing === 'llmBrowser';
  }
}
