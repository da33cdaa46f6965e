// service install: the same state however often it is done.

import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import type { SetOption } from '../../config/given';
import { OptionError, type OptionValues } from '../../config/settings';
import { StartError } from '../../exporter';
import { fileOf } from '../machine';
import type { ServeSettings } from '../serve/settings';
import { ensureAccount, removeAccount } from './account';
import { definitionOf, writeDefinition, type Definition } from './definition';
import { aboutFirewall } from './firewall';
import { ask, type Host } from './host';
import { lastingNode, lastingScript } from './lasting';
import { domainsOf, Launchd } from './launchd';
import { ACCOUNT, commandOf, LABEL, placesOf, type Places, type Scope } from './places';
import { checkPorts } from './port';

/** Seconds after which what ends at once has ended. */
const SETTLE = 2;

export async function install(
  scope: Scope,
  settings: ServeSettings,
  options: readonly SetOption[],
  values: OptionValues,
  host: Host,
): Promise<void> {
  const places = placesOf(scope, host);
  checkPaths(settings, values);
  const program = [lastingNode(values['node'] as string | undefined, host), lastingScript(host)] as const;
  await checkProgram(program, host);
  const [domain, ...others] = (await domainsOf(scope, host)).map((name) => new Launchd(host, name));
  const loaded = await firstLoaded([domain!, ...others]);
  await checkPorts(settings.addresses, loaded?.pid, host);

  const log = settings.logFile === undefined ? ['--log.file', places.logFile] : [];
  const words = [...program, 'serve', ...options.flatMap((option) => option.words), ...log];
  const definition = definitionOf(scope, words, domain!.domain);
  if (scope === 'system') await prepareAccount(places, program, host);
  else prepareLog(places);
  writeDefinition(places.plist, definition);
  // A session that has come or gone since: it may be loaded in the other.
  for (const each of [domain!, ...others]) await each.unload();
  await domain!.load(places.plist);
  await host.pause(SETTLE);
  const now = await domain!.look();
  if (now?.pid === undefined)
    throw failedStart(now?.lastExit, definition, settings.logFile ?? places.logFile);
  host.print(`The service ${LABEL} runs (pid ${now.pid}), and is started ${whenOf(scope)}.`);
  host.print(`It logs to ${settings.logFile ?? places.logFile}.`);
  if (!settings.isPrivate) for (const line of await aboutFirewall(program[0], host)) host.print(line);
}

const whenOf = (scope: Scope): string => (scope === 'system' ? 'when the Mac starts' : 'when you log in');

async function firstLoaded(domains: readonly Launchd[]): Promise<Awaited<ReturnType<Launchd['look']>>> {
  for (const domain of domains) {
    const loaded = await domain.look();
    if (loaded) return loaded;
  }
  return undefined;
}

/** launchd starts it in /, so nothing may be relative. */
function checkPaths({ addresses, logFile }: ServeSettings, values: OptionValues): void {
  const machine = values['machine'] as string | undefined;
  const paths: readonly (readonly [string, string | undefined])[] = [
    ['config.file', values['config.file'] as string | undefined],
    ['web.config.file', values['web.config.file'] as string | undefined],
    ['log.file', logFile],
    ['machine', machine === undefined || machine === 'any' ? undefined : fileOf(machine)],
    ...addresses.map(({ path }) => ['web.listen-address', path] as const),
  ];
  for (const [name, path] of paths)
    if (path !== undefined && !isAbsolute(path))
      throw new OptionError(`for a service --${name} takes an absolute path, not ${JSON.stringify(path)}`);
  if (logFile !== undefined && !existsSync(dirname(logFile)))
    throw new OptionError(`there is no folder ${dirname(logFile)} for --log.file; make it first`);
}

async function checkProgram([node, script]: readonly [string, string], host: Host): Promise<void> {
  const { code, text } = await ask(host, node, script, '--version');
  if (code !== 0)
    throw new StartError(
      `${node} ${script} --version fails with code ${code} (${text.split('\n', 1)[0]!}); --node names another node`,
    );
}

async function prepareAccount(
  places: Places,
  [node, script]: readonly [string, string],
  host: Host,
): Promise<void> {
  const { uid, isNew } = await ensureAccount(host);
  const { code } = await ask(host, 'sudo', '-n', '-u', ACCOUNT, node, script, '--version');
  if (code !== 0) {
    if (isNew) await removeAccount(host);
    throw new StartError(
      `the account ${ACCOUNT} cannot run ${node} ${script}; both must be where every user may read, which most home folders are not. For a service of your own: ${commandOf('install', 'user')}`,
    );
  }
  prepareLog(places);
  host.giveTo(places.logFolder, uid);
}

function prepareLog({ logFolder }: Places): void {
  try {
    mkdirSync(logFolder, { recursive: true });
    chmodSync(logFolder, 0o755);
  } catch (error) {
    throw new StartError(`cannot make ${logFolder}: ${(error as Error).message}`, { cause: error });
  }
}

function failedStart(
  lastExit: string | undefined,
  { ProgramArguments: words }: Definition,
  log: string,
): StartError {
  const ended = lastExit === undefined ? '' : ` (last exit code ${lastExit})`;
  const at = words.indexOf('--log.file');
  return new StartError(
    `the service is installed but does not run${ended}; see ${log}, or try what it runs: ${words.filter((_, i) => i !== at && i !== at + 1).join(' ')}`,
  );
}
