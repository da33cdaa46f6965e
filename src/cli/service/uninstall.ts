// service uninstall: nothing stays of what install made.

import { rmSync } from 'node:fs';
import { StartError } from '../../exporter';
import { logFiles } from '../log';
import { removeAccount } from './account';
import { readDefinition, valuesIn, type Definition } from './definition';
import type { Host } from './host';
import { domainsOf, Launchd } from './launchd';
import { LABEL, placesOf, type Scope } from './places';

export async function uninstall(scope: Scope, host: Host): Promise<void> {
  const places = placesOf(scope, host);
  const definition = known(places.plist);
  let wasLoaded = false;
  for (const domain of await domainsOf(scope, host))
    if (await new Launchd(host, domain).unload()) wasLoaded = true;
  try {
    // Logs may be where the user wanted them.
    const logs = (definition ? valuesIn(definition, 'log.file') : []).flatMap(logFiles);
    for (const path of [places.plist, `${places.plist}.part`, ...logs]) rmSync(path, { force: true });
    rmSync(places.logFolder, { recursive: true, force: true });
  } catch (error) {
    throw new StartError(`cannot remove all of the service: ${(error as Error).message}`, { cause: error });
  }
  if (scope === 'system') await removeAccount(host);
  host.print(
    definition || wasLoaded
      ? `The service ${LABEL} is uninstalled; nothing is left of it.`
      : 'No service is installed.',
  );
}

/** What is unreadable is removed too. */
function known(plist: string): Definition | undefined {
  try {
    return readDefinition(plist);
  } catch {
    return { Label: LABEL, ProgramArguments: [] };
  }
}
