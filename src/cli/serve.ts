// serve: answers scrapes until it is told to stop.

import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { OptionError, selectionOf, wholeNumber, windowOf, type OptionValues } from '../config/settings';
import { aboutThis, assemble, checkMac } from '../exporter';
import { createListener, listen, parseAddress, type Address } from '../server/listener';
import { metricsHandler } from '../server/metrics_handler';
import { openChosen } from './machine';

const RESERVED = ['/', '/-/healthy', '/-/ready'];
/** Milliseconds that requests in flight get to end in. */
const GRACE = 5_000;

export async function serve(values: OptionValues): Promise<void> {
  const addresses = addressesOf(values);
  const metricsPath = pathOf(values);
  const maxRequests = wholeNumber(values, 'web.max-requests');
  const selection = selectionOf(values);
  const window = windowOf(values);
  const { native, machine } = openChosen(values['machine'] as string | undefined);
  const about = aboutThis(machine);
  const { pages, sampler } = assemble(native, selection, about, window);

  let app: RequestListener | undefined;
  const routes = {
    metrics: metricsHandler(pages, maxRequests),
    metricsPath,
    ready: () => sampler.ready && app !== undefined,
    app: () => app,
  };
  if (machine) console.log(`Playing the machine file ${machine.name}: nothing of this computer is measured.`);
  const servers: Server[] = [];
  const stop = stopOnce(servers, () => native.close());
  try {
    await checkMac(native);
    for (const address of addresses) {
      const server = createListener(routes);
      const where = await listen(server, address);
      servers.push(server);
      console.log(`Listening on ${where}${address.path ? '' : metricsPath}${openingHint(address)}`);
    }
    // Cold work comes after the first answer can be given.
    await sampler.discover();
    const [{ createApp }, { OwnMetrics }] = await Promise.all([
      import('../server/app.js'),
      import('../metrics/own.js'),
    ]);
    if (values['web.disable-exporter-metrics'] !== true) pages.own = new OwnMetrics();
    app = createApp(pages, { metricsPath, about, maxRequests });
  } catch (error) {
    stop();
    throw error;
  }
  const signal = await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  // A second signal does not wait.
  process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));
  console.log(`Stopping (${String(signal[0] ?? 'signal')}).`);
  stop();
}

function stopOnce(servers: readonly Server[], close: () => void): () => void {
  return () => {
    for (const server of servers) {
      server.close();
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), GRACE).unref();
    }
    const open = servers.filter((server) => server.listening).length;
    if (open === 0) close();
    else Promise.all(servers.map((server) => once(server, 'close'))).then(close, close);
  };
}

function addressesOf(values: OptionValues): readonly Address[] {
  const texts = values['web.listen-address'] as readonly string[];
  return texts.map((text) => {
    const address = parseAddress(text);
    if (!address)
      throw new OptionError(
        `--web.listen-address takes HOST:PORT, :PORT, [IPv6]:PORT or unix:PATH, not ${JSON.stringify(text)}`,
      );
    return address;
  });
}

function pathOf(values: OptionValues): string {
  const path = String(values['web.telemetry-path']);
  if (!/^\/[\w./-]*$/.test(path) || RESERVED.includes(path))
    throw new OptionError(`--web.telemetry-path takes a path such as /metrics, not ${JSON.stringify(path)}`);
  return path;
}

const LOOPBACK = /^(127\.|::1$|localhost$)/;

const openingHint = ({ host, path }: Address): string =>
  path === undefined && host !== undefined && LOOPBACK.test(host)
    ? ' (this computer only; --web.listen-address :13013 opens it to the network)'
    : '';
