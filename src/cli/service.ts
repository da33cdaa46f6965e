// service: keeps the exporter running under launchd.

import { commandOptions } from '../config/commands';
import { naming, setOptions, withFile, type Given } from '../config/given';
import { OptionError } from '../config/settings';
import { StartError } from '../exporter';
import { serveSettings } from './serve/settings';
import { thisMac, type Host } from './service/host';
import { install } from './service/install';
import { commandOf, type Scope } from './service/places';
import { status } from './service/status';
import { uninstall } from './service/uninstall';

/** Options that are not those of serve. */
const OWN: readonly string[] = ['user', 'system', 'node'];

export async function service(given: Given, action: string, host: Host = thisMac()): Promise<void> {
  if (host.platform !== 'darwin')
    throw new StartError(
      'service is for launchd, and this is not a Mac; here let the service manager run metalstat-exporter serve',
    );
  const { values } = given;
  const isUser = values['user'] === true;
  if (isUser && values['system'] === true)
    throw new OptionError('--user and --system exclude each other; --system is the default');
  const scope: Scope = isUser ? 'user' : 'system';
  const set = setOptions(given);
  const options = set.filter(({ name }) => !OWN.includes(name));
  if (action === 'install') {
    // What serve would refuse is refused before anything is done.
    const whole = withFile(given, commandOptions('serve'));
    const settings = naming(whole, () => serveSettings(whole.values));
    checkUser(scope, action, host);
    await install(scope, settings, options, whole.values, host);
    return;
  }
  const typed = set.find(({ name, isTyped }) => isTyped && name !== 'user' && name !== 'system');
  if (typed) throw new OptionError(`service ${action} takes no --${typed.name}; service install does`);
  if (action === 'status') {
    const isRunning = await status(isUser || values['system'] === true ? [scope] : ['system', 'user'], host);
    if (!isRunning) process.exitCode = 1;
    return;
  }
  checkUser(scope, action, host);
  await uninstall(scope, host);
}

function checkUser(scope: Scope, action: string, { uid }: Host): void {
  if (scope === 'system' && uid !== 0)
    throw new StartError(
      `a service of the whole Mac needs root: ${commandOf(action, 'system')}; one of your own does not: ${commandOf(action, 'user')}`,
    );
  if (scope === 'user' && uid === 0)
    throw new StartError(
      `--user is for the user who is logged in: ${commandOf(action, 'user')}, without sudo`,
    );
}
