// serve: answers scrapes until it is told to stop.

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestListener } from 'node:http';
import {
  appRuleOf,
  intervalOf,
  OptionError,
  selectionOf,
  wholeNumber,
  windowOf,
  type OptionValues,
} from '../config/settings';
import { aboutThis, assemble, checkMac } from '../exporter';
import {
  createListener,
  listen,
  parseAddress,
  stopListening,
  type Address,
  type Server,
} from '../server/listener';
import { metricsHandler } from '../server/metrics_handler';
import type { Guard } from '../server/web/guard';
import type { Sampler } from '../sampler/sampler';
import { openChosen, playing } from './machine';

/** Paths of the status page and of the checks, and all below. */
const RESERVED = /^\/($|-\/|api\/|page\/|docs\/)/;
/** Milliseconds that requests in flight get: to collect what can be had, and to send it. */
const PATIENCE = 300;
const GRACE = 5_000;

export async function serve(values: OptionValues): Promise<void> {
  const addresses = addressesOf(values);
  const metricsPath = pathOf(values);
  const maxRequests = wholeNumber(values, 'web.max-requests');
  const guard = await guardOf(values);
  const isOpen = guard?.hasPasswords !== true && !addresses.every(isLocal);
  const isPrivate = !isOpen;
  const selection = selectionOf(values, isPrivate);
  const options = { window: windowOf(values), apps: appRuleOf(values) };
  const interval = intervalOf(values);
  const { native, machine } = openChosen(values['machine'] as string | undefined);
  const about = aboutThis(machine);
  const { pages, sampler } = assemble(native, selection, about, options);

  let app: RequestListener | undefined;
  const routes = {
    metrics: metricsHandler(pages, maxRequests),
    metricsPath,
    ready: () => sampler.ready && app !== undefined,
    app: () => app,
  };
  if (machine) console.log(playing(machine.name));
  const servers: Server[] = [];
  const told = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const start = async () => {
    await checkMac(native);
    for (const address of addresses) {
      const server = createListener(routes, guard);
      const where = await listen(server, address);
      servers.push(server);
      console.log(`Listening on ${where}${address.path ? '' : metricsPath}${openingHint(address)}`);
    }
    if (isOpen) console.log('Everybody on the network can read this: --web.config.file asks for a password.');
    if (isOpen && values['collector.app'] === undefined && values['collector.disable-defaults'] !== true)
      console.log(
        'The names of apps are not told to everybody: add --collector.app to serve what each app uses.',
      );
    // Cold work comes after the first answer can be given. A source that hangs in it keeps nothing else waiting.
    const discovered = sampler.discover();
    if (interval !== undefined) sampler.watch(interval);
    const [{ createApp }, { OwnMetrics }] = await Promise.all([
      import('../server/app.js'),
      import('../metrics/own.js'),
    ]);
    if (values['web.disable-exporter-metrics'] !== true)
      pages.own = new OwnMetrics(guard && (() => guard.live.lastSuccess));
    app = createApp(pages, { metricsPath, about, maxRequests });
    await discovered;
  };
  try {
    await Promise.race([start(), told]);
    const [signal] = (await told) as [string];
    console.log(`Stopping (${signal}).`);
    // A second signal does not wait.
    process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));
  } finally {
    await stop(servers, sampler);
    guard?.close();
  }
}

/** Only who asks for it pays for YAML and bcrypt. */
async function guardOf(values: OptionValues): Promise<Guard | undefined> {
  const file = values['web.config.file'];
  if (typeof file !== 'string') return undefined;
  const { Guard } = await import('../server/web/guard.js');
  return Guard.start(file);
}

async function stop(servers: readonly Server[], sampler: Sampler): Promise<void> {
  const closed = Promise.all(servers.map((server) => stopListening(server, GRACE)));
  await Promise.race([closed, sleep(PATIENCE, undefined, { ref: false })]);
  // Scrapes that still wait for a source that hangs are answered without it.
  sampler.close();
  await closed;
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
  if (!/^\/[\w./-]*$/.test(path) || RESERVED.test(path))
    throw new OptionError(`--web.telemetry-path takes a path such as /metrics, not ${JSON.stringify(path)}`);
  return path;
}

const LOOPBACK = /^(127(\.\d+){3}|::1|localhost)$/;

/** Whether only programs on this computer can connect. */
const isLocal = ({ host, path }: Address): boolean =>
  path !== undefined || (host !== undefined && LOOPBACK.test(host));

const openingHint = (address: Address): string =>
  address.path === undefined && isLocal(address)
    ? ' (this computer only; --web.listen-address :13013 opens it to the network)'
    : '';
