// What a straightforward exporter of the same series is: express, prom-client with its default metrics, gauges and counters
// that are set at each scrape. The values come from the same addon, read and decoded by the same code.
//
// Arguments: folder of the built exporter, machine file, port.

import express from 'express';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { AnyFamily } from '../../../src/metrics/metric';
import type { Collection } from '../../../src/metrics/page';
import { assembled, TIMEOUT } from './assembled';

const [folder, machineFile, port] = process.argv.slice(2) as [string, string, string];

const { pages, sampler } = assembled(folder, machineFile);

const register = new Registry();
collectDefaultMetrics({ register });
const setters = pages.families.map((family) => setterOf(family));

/** Makes the metric of a family; the answer sets it. */
function setterOf({ name, help, kind, labels, from, read }: AnyFamily): (collected: Collection) => void {
  const options = { name, help, labelNames: [...labels], registers: [register] };
  const metric = kind === 'counter' ? new Counter(options) : new Gauge(options);
  const emit = (value: number | undefined, ...of: string[]) => {
    if (value === undefined || !Number.isFinite(value)) return;
    const labelled: Record<string, string> = {};
    for (let i = 0; i < labels.length; i++) labelled[labels[i]!] = of[i]!;
    metric.inc(labelled, value);
  };
  return ({ now, then }) => {
    // Of a metric without labels, prom-client makes a 0.
    if (labels.length === 0) metric.remove();
    else metric.reset();
    if (from.every((part) => now[part] !== undefined)) read(now, emit, then);
  };
}

const app = express();
app.get('/metrics', async (_request, response) => {
  const collected = await pages.collect(TIMEOUT);
  for (const set of setters) set(collected);
  response.type(register.contentType).send(await register.metrics());
});
app.listen(Number(port), '127.0.0.1', () => void sampler.discover());
