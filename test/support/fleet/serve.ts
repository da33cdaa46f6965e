// A process of a fleet: some of its Macs, each with a path of its own on one port.
//
//   node --import tsx test/support/fleet/serve.ts --port 13100 --macs 300 --part 0 --parts 2

import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { fleetOf } from './macs';
import { PlayedMac } from './mac';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    macs: { type: 'string' },
    part: { type: 'string', default: '0' },
    parts: { type: 'string', default: '1' },
  },
});
const [port, count, part, parts] = [values.port, values.macs, values.part, values.parts].map(Number) as [
  number,
  number,
  number,
  number,
];

/** What Prometheus' HTTP service discovery reads. */
interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

const macs = new Map(
  fleetOf(count)
    .filter((_, n) => n % parts === part)
    .map((mac) => [`/macs/${mac.host}/metrics`, new PlayedMac(mac)]),
);

const discovery: readonly TargetGroup[] = [...macs].map(([path, { mac }]) => ({
  targets: [`127.0.0.1:${port}`],
  labels: { ...mac.labels, instance: `${mac.host}:13013`, __metrics_path__: path },
}));

const clocks = () =>
  Object.fromEntries([...macs.values()].map(({ mac, scrapes }) => [`${mac.host}:13013`, scrapes]));

/** Of the whole process, as Linux counts it. */
function cost() {
  const { user, system } = process.cpuUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    rssBytes: process.memoryUsage.rss(),
    threads: Number(/^Threads:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]),
    descriptors: readdirSync('/proc/self/fd').length,
  };
}

const OTHERS: Readonly<Record<string, () => unknown>> = {
  '/sd': () => discovery,
  '/clocks': clocks,
  '/cost': cost,
};

const server = createServer((request, response) => {
  const path = request.url?.split('?', 1)[0] ?? '';
  const mac = macs.get(path);
  if (mac) {
    mac.scrape(request, response).catch((error: unknown) => {
      console.error(`${path}: ${String(error)}`);
      response.destroy();
    });
    return;
  }
  const other = OTHERS[path];
  response.statusCode = other ? 200 : 404;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(other ? other() : null));
});
server.keepAliveTimeout = 65_000;
server.listen(port, '127.0.0.1');
