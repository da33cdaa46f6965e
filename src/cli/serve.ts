// serve: answers scrapes until it is told to stop.

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOptions } from '../config/commands';
import type { OptionValues } from '../config/settings';
import { CONFIG_CHECK, naming, withFile, type Given } from '../config/given';
import type { OwnMetrics } from '../metrics/own';
import { listen, type Address, type Server } from '../server/address';
import { createListener, stopListening } from '../server/listener';
import type { Guard } from '../server/web/guard';
import { logTo } from './log';
import { machineOf, playing } from './machine';
import { describeConfig } from './serve/check';
import { Current } from './serve/current';
import { reloader } from './serve/reload';
import { isLocal, isLoopback, logFileOf, serveSettings, type ServeSettings } from './serve/settings';
import { tune } from './serve/tune';

/** Milliseconds that requests in flight get: to collect what can be had, and to send it. */
const PATIENCE = 300;
const GRACE = 5_000;
/** Milliseconds after the start in which only scrapes are worked for. */
const UNDISTURBED = 200;
/** Milliseconds after which no scrape is left that what was replaced has to answer. */
const RETIREMENT = 15_000;

export async function serve(given: Given): Promise<void> {
  tune();
  const options = commandOptions('serve');
  const read = () => withFile(given, options);
  const logFile = logFileOf(given.values);
  // First: nobody sees what is printed by a service.
  if (logFile !== undefined) logTo(logFile);
  const first = await read();
  // A wrong one ends the start, and the check.
  const guard = await guardOf(first.values);
  const settings = naming(first, () => serveSettings(first.values, guard?.hasPasswords));
  if (first.values[CONFIG_CHECK] === true) {
    process.stdout.write(describeConfig(first, options, settings));
    guard?.close();
    return;
  }
  if (logFile === undefined && settings.logFile !== undefined) logTo(settings.logFile);
  await run(settings, first, read, guard);
}

/** Only who asks for it pays for it. */
async function guardOf(values: OptionValues): Promise<Guard | undefined> {
  const file = values['web.config.file'];
  if (typeof file !== 'string') return undefined;
  const { Guard: guard } = await import('../server/web/guard');
  return guard.start(file);
}

async function run(
  settings: ServeSettings,
  first: Given,
  read: () => Promise<Given>,
  guard: Guard | undefined,
): Promise<void> {
  const { addresses, metricsPath } = settings;
  const machine = machineOf(settings.machine);
  let current = new Current(settings, machine);
  const retired = new Set<Current>();
  let own: OwnMetrics | undefined;
  const routes = {
    metrics: ((request, response) => current.metrics(request, response)) satisfies Current['metrics'],
    metricsPath,
    ready: () => current.isReady,
    app: () => current.app,
    refused: (code: number) => own?.scrapes.inc({ code: String(code) }),
  };
  if (machine) console.log(playing(machine.name));
  const servers: Server[] = [];
  const told = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const counted = async () => {
    if (settings.countsItself)
      own ??= new (await import('../metrics/own')).OwnMetrics(guard && (() => guard.live.lastSuccess));
    return own;
  };
  const replace = async (next: Given) => {
    const successor = new Current(serveSettings(next.values, guard?.hasPasswords), machine);
    await successor.begin(counted);
    const before = current;
    current = successor;
    retired.add(before);
    setTimeout(() => {
      before.sampler.close();
      retired.delete(before);
    }, RETIREMENT).unref();
  };
  const reload = reloader(first, {
    read: async () => {
      const next = await read();
      naming(next, () => serveSettings(next.values));
      return next;
    },
    apply: replace,
    tell: (isSuccessful) => own?.tellReload(isSuccessful),
  });
  // From the beginning: else it would end the process.
  process.on('SIGHUP', () => void reload());
  const open = async () => {
    await current.check();
    for (const address of addresses) {
      const server = createListener(routes, {
        guard,
        // What anybody in the network may read needs no care of browsers.
        ...(isLoopback(address) && { isMeant: (host: string | undefined) => current.isMeant(host) }),
      });
      const where = await listen(server, address);
      servers.push(server);
      console.log(`Listening on ${where}${address.path ? '' : metricsPath}${openingHint(address)}`);
    }
    if (!settings.isPrivate)
      console.log('Everybody on the network can read this: --web.config.file asks for a password.');
    if (settings.hidesApps)
      console.log(
        'The names of apps are not told to everybody: add --collector.app to serve what each app uses.',
      );
  };
  const start = () => {
    const opened = open();
    // Loading keeps everybody waiting for a tenth of a second: who asks at once is answered before.
    const undisturbed = opened.then(() => sleep(UNDISTURBED, undefined, { ref: false }));
    // The Mac lists its channels while the server opens.
    return Promise.all([opened, current.begin(counted, undisturbed)]);
  };
  try {
    await Promise.race([start(), told]);
    const [signal] = (await told) as [string];
    console.log(`Stopping (${signal}).`);
    // A second signal does not wait.
    process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));
  } finally {
    await stop(servers, [current, ...retired]);
    guard?.close();
  }
}

async function stop(servers: readonly Server[], all: readonly Current[]): Promise<void> {
  const closed = Promise.all(servers.map((server) => stopListening(server, GRACE)));
  await Promise.race([closed, sleep(PATIENCE, undefined, { ref: false })]);
  // Scrapes that still wait for a source that hangs are answered without it.
  for (const { sampler } of all) sampler.close();
  await closed;
}

const openingHint = (address: Address): string =>
  address.path === undefined && isLocal(address)
    ? ' (this computer only; --web.listen-address :13013 opens it to the network)'
    : '';
