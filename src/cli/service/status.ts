// service status: whether it runs, what of it is where, and whether scrapes get through to it.

import { parseAddress } from '../../server/address';
import { isLocal } from '../serve/settings';
import { readDefinition, valuesIn, type Definition } from './definition';
import { aboutFirewall } from './firewall';
import type { Host } from './host';
import { domainsOf, Launchd, type Loaded } from './launchd';
import { commandOf, LABEL, placesOf, type Scope } from './places';

/** Of the first of the scopes in which it is installed. Whether it runs. */
export async function status(scopes: readonly Scope[], host: Host): Promise<boolean> {
  for (const scope of scopes) {
    const { plist } = placesOf(scope, host);
    const definition = readDefinition(plist);
    const found = await loadedIn(scope, host);
    if (!definition && !found) continue;
    host.print(sayState(scope, found, definition));
    host.print(`  property list  ${definition ? plist : `${plist}, which is not there`}`);
    if (!definition) return found?.loaded.pid !== undefined;
    for (const log of valuesIn(definition, 'log.file')) host.print(`  log            ${log}`);
    host.print(`  runs           ${definition.ProgramArguments.join(' ')}`);
    if (isPrivate(definition))
      host.print('It listens on this computer only; the firewall matters once others may connect.');
    for (const line of await aboutFirewall(definition.ProgramArguments[0] ?? host.node, host))
      host.print(line);
    return found?.loaded.pid !== undefined;
  }
  host.print(`No service is installed; install one with: ${commandOf('install', scopes[0] ?? 'system')}`);
  for (const line of await aboutFirewall(host.node, host)) host.print(line);
  return false;
}

/** The default address is private. */
const isPrivate = (definition: Definition): boolean =>
  valuesIn(definition, 'web.listen-address').every((text) => {
    const address = parseAddress(text);
    return address !== undefined && isLocal(address);
  });

interface Found {
  readonly domain: string;
  readonly loaded: Loaded;
}

async function loadedIn(scope: Scope, host: Host): Promise<Found | undefined> {
  for (const domain of await domainsOf(scope, host)) {
    const loaded = await new Launchd(host, domain).look();
    if (loaded) return { domain, loaded };
  }
  return undefined;
}

function sayState(scope: Scope, found: Found | undefined, definition: Definition | undefined): string {
  const name = `The service ${LABEL}`;
  if (!found) return `${name} is installed but not loaded; load it with: ${commandOf('install', scope)}`;
  const { domain, loaded } = found;
  if (loaded.pid !== undefined) return `${name} runs in ${domain} (pid ${loaded.pid}).`;
  const ended = loaded.lastExit === undefined ? '' : `, last exit code ${loaded.lastExit}`;
  return `${name} is loaded in ${domain} but does not run (${loaded.state}${ended})${definition ? '; its log says why.' : '.'}`;
}
