// service: what launchd is asked, what is written, what is refused, and that nothing stays.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { dirname } from 'node:path';
import plist from 'plist';
import { service } from '../src/cli/service';
import { lastingNode, lastingScript } from '../src/cli/service/lasting';
import { COMMANDS } from '../src/config/commands';
import type { Option } from '../src/config/options';
import type { Origin, SetOption } from '../src/config/given';
import type { OptionValues } from '../src/config/settings';
import { cleanUp, MAIN, Process, run, scratch } from './support/command';
import { FakeMac } from './support/launchd';
import { freePort } from './support/process';
import { ask } from './support/http';

const LABEL = 'io.github.metalstat-exporter';
const DAEMON = `/Library/LaunchDaemons/${LABEL}.plist`;
const AGENT = `/Users/jane/Library/LaunchAgents/${LABEL}.plist`;
const DAEMON_LOG = '/Library/Logs/metalstat-exporter/metalstat-exporter.log';
const AGENT_LOG = '/Users/jane/Library/Logs/metalstat-exporter/metalstat-exporter.log';
const NODE = '/opt/homebrew/bin/node';
const SCRIPT = '/opt/homebrew/lib/node_modules/metalstat-exporter/dist/main.js';

// Each test starts dozens of programs, one of them hundreds.
jest.setTimeout(60_000);

let free: number;
beforeAll(async () => {
  free = await freePort();
});
afterAll(cleanUp);
afterEach(() => {
  process.exitCode = 0;
});

/** Values as the command line gives them: the defaults, and what was typed. */
async function act(mac: FakeMac, action: string, typed: OptionValues = {}): Promise<string> {
  const options: readonly Option[] = COMMANDS.find(({ name }) => name === 'service')!.options;
  const defaults = options.flatMap(({ name, default: preset }) =>
    preset === undefined ? [] : [[name, preset]],
  );
  const values = { ...Object.fromEntries(defaults as [string, unknown][]), ...typed };
  const origins = new Map(Object.keys(typed).map((name): [string, Origin] => [name, 'command line']));
  await service({ values, origins }, action, mac);
  return mac.said();
}

const install = (mac: FakeMac, typed: OptionValues = {}) =>
  act(mac, 'install', { 'web.listen-address': [`127.0.0.1:${free}`], ...typed });

/** What a refusal says, with the paths as they would be on a Mac. */
async function refusal(mac: FakeMac, doing: Promise<unknown>): Promise<string> {
  const error: unknown = await doing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_METALSTAT_/) as string });
  const { message } = error as Error;
  expect(message).not.toContain('\n');
  return message.replaceAll(mac.root, '');
}

const parsed = (mac: FakeMac, path: string): unknown => {
  const text = readFileSync(mac.root + path, 'utf8').replaceAll(mac.root, '');
  return plist.parse(text);
};

const agent = () => {
  const mac = new FakeMac(501);
  mac.set('domain-gui_501');
  mac.set('domain-user_501');
  return mac;
};

async function listening(): Promise<readonly [Server, number]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return [server, (server.address() as AddressInfo).port];
}

describe('install for the whole Mac', () => {
  test('43. writes a daemon of the role account that runs serve with the options as given', async () => {
    const mac = new FakeMac();
    const said = await install(mac, {
      'collector.os': false,
      'collector.app': true,
      'sampling.interval': '5',
    });
    expect(parsed(mac, DAEMON)).toEqual({
      KeepAlive: { SuccessfulExit: false },
      Label: LABEL,
      ProcessType: 'Interactive',
      ProgramArguments: [
        NODE,
        SCRIPT,
        'serve',
        '--web.listen-address',
        `127.0.0.1:${free}`,
        '--no-collector.os',
        '--collector.app',
        '--sampling.interval',
        '5',
        '--log.file',
        DAEMON_LOG,
      ],
      RunAtLoad: true,
      ThrottleInterval: 30,
      UserName: '_metalstat',
    });
    expect(statSync(mac.root + DAEMON).mode & 0o777).toBe(0o644);
    expect(said).toBe(
      `The service ${LABEL} runs (pid 4242), and is started when the Mac starts.\nIt logs to ${DAEMON_LOG}.`,
    );
  });

  test('runs with a configuration file, which is what is checked', async () => {
    const mac = new FakeMac();
    const file = scratch('service.yml', 'log.file: relative.log\n');
    expect(await refusal(mac, install(mac, { 'config.file': file }))).toMatch(
      /--log.file takes an absolute path, not "relative.log"/,
    );
    writeFileSync(file, 'collector.fan: false\n');
    await install(mac, { 'config.file': file });
    const { ProgramArguments } = parsed(mac, DAEMON) as { ProgramArguments: readonly string[] };
    expect(ProgramArguments.join(' ')).toContain(
      `serve --web.listen-address 127.0.0.1:${free} --config.file ${file}`,
    );
  });

  test('43. has the head that Apple gives property lists', async () => {
    const mac = new FakeMac();
    await install(mac);
    expect(readFileSync(mac.root + DAEMON, 'utf8')).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<!DOCTYPE plist PUBLIC "-\/\/Apple\/\/DTD PLIST 1\.0\/\/EN" "http:\/\/www\.apple\.com\/DTDs\/PropertyList-1\.0\.dtd">\n<plist version="1\.0">\n/,
    );
  });

  test('makes the account, gives it the log, and asks launchd in order', async () => {
    const mac = new FakeMac();
    await install(mac);
    expect(mac.calls()).toEqual([
      `launchctl print system/${LABEL}`,
      'dscl . -read /Users/_metalstat UniqueID',
      'dscl . -list /Users UniqueID',
      'sysadminctl -addUser _metalstat -fullName metalstat-exporter service -UID 451 -home /var/empty -shell /usr/bin/false -roleAccount',
      'dscl . -read /Users/_metalstat UniqueID',
      `sudo -n -u _metalstat ${NODE} ${SCRIPT} --version`,
      `launchctl print system/${LABEL}`,
      `launchctl bootstrap system ${DAEMON}`,
      `launchctl kickstart system/${LABEL}`,
      `launchctl print system/${LABEL}`,
    ]);
    expect(mac.owners).toEqual({ [`${mac.root}/Library/Logs/metalstat-exporter`]: 451 });
  });

  test('takes a UID of the older range where macOS refuses the newer', async () => {
    const mac = new FakeMac();
    mac.set('uids', '200 400\n');
    await install(mac);
    expect(mac.calls(/addUser/).map((call) => / -UID (\d+)/.exec(call)![1])).toEqual(['451', '200']);
    expect(mac.owners).toEqual({ [`${mac.root}/Library/Logs/metalstat-exporter`]: 200 });
  });

  test('writes nothing where macOS makes no account', async () => {
    const mac = new FakeMac();
    mac.set('uids', '900 999\n');
    expect(await refusal(mac, install(mac))).toMatch(
      /cannot make the account _metalstat \(Role account requires/,
    );
    expect(mac.files()).toEqual(new FakeMac().files());
  });

  test('done again ends in the same state: out, gone, in again', async () => {
    const mac = new FakeMac();
    await install(mac);
    const [files, definition] = [mac.files(), parsed(mac, DAEMON)];
    mac.calls();
    mac.set('linger', 'one\ntwo\n');
    await install(mac);
    expect(mac.calls(/launchctl/)).toEqual([
      `launchctl print system/${LABEL}`,
      `launchctl print system/${LABEL}`,
      `launchctl bootout system/${LABEL}`,
      `launchctl print system/${LABEL}`,
      `launchctl print system/${LABEL}`,
      `launchctl print system/${LABEL}`,
      `launchctl bootstrap system ${DAEMON}`,
      `launchctl kickstart system/${LABEL}`,
      `launchctl print system/${LABEL}`,
    ]);
    expect([mac.files(), parsed(mac, DAEMON)]).toEqual([files, definition]);
    expect(mac.calls(/addUser/)).toEqual([]);
  });

  test('other options replace those of before', async () => {
    const mac = new FakeMac();
    await install(mac, { 'collector.cpu.states': true });
    await install(mac);
    expect(readFileSync(mac.root + DAEMON, 'utf8')).not.toContain('cpu.states');
  });

  test('tells of one that ends at once, with its code and its log', async () => {
    const mac = new FakeMac();
    mac.set('dies');
    expect(await refusal(mac, install(mac))).toMatch(
      new RegExp(
        `does not run \\(last exit code 2\\); see ${DAEMON_LOG}, or try what it runs: ${NODE} ${SCRIPT} serve --web`,
      ),
    );
  });

  test('leaves no account behind if that cannot run it', async () => {
    const mac = new FakeMac();
    mac.set('unreadable');
    expect(await refusal(mac, install(mac))).toMatch(
      /_metalstat cannot run .*every user may read.*install --user$/,
    );
    expect([mac.has('account'), mac.files()]).toEqual([false, new FakeMac().files()]);
  });

  test('on an open address says what the firewall does', async () => {
    const mac = new FakeMac();
    expect(await install(mac, { 'web.listen-address': [`:${free}`] })).toMatch(
      /^Firewall: off; it drops nothing\.$/m,
    );
  });
});

describe('install --user', () => {
  test('loads an agent of the session at the screen, and calls nobody else', async () => {
    const mac = agent();
    const said = await install(mac, { user: true });
    expect(mac.calls()).toEqual([
      'launchctl print gui/501',
      `launchctl print gui/501/${LABEL}`,
      `launchctl print user/501/${LABEL}`,
      `launchctl print gui/501/${LABEL}`,
      `launchctl print user/501/${LABEL}`,
      `launchctl bootstrap gui/501 ${AGENT}`,
      `launchctl kickstart gui/501/${LABEL}`,
      `launchctl print gui/501/${LABEL}`,
    ]);
    expect(parsed(mac, AGENT)).toEqual({
      KeepAlive: { SuccessfulExit: false },
      Label: LABEL,
      LimitLoadToSessionType: 'Aqua',
      ProcessType: 'Interactive',
      ProgramArguments: [
        NODE,
        SCRIPT,
        'serve',
        '--web.listen-address',
        `127.0.0.1:${free}`,
        '--log.file',
        AGENT_LOG,
      ],
      RunAtLoad: true,
      ThrottleInterval: 30,
    });
    expect(said).toContain('is started when you log in');
  });

  test('with nobody at the screen loads it in the background, where ssh gets too', async () => {
    const mac = agent();
    mac.unset('domain-gui_501');
    await install(mac, { user: true });
    expect(mac.calls(/bootstrap|kickstart/)).toEqual([
      `launchctl bootstrap user/501 ${AGENT}`,
      `launchctl kickstart user/501/${LABEL}`,
    ]);
    expect(parsed(mac, AGENT)).toMatchObject({ LimitLoadToSessionType: 'Background' });
  });

  test('moves it from the background to the screen: it is never loaded twice', async () => {
    const mac = agent();
    mac.unset('domain-gui_501');
    await install(mac, { user: true });
    mac.set('domain-gui_501');
    mac.calls();
    await install(mac, { user: true });
    expect(mac.calls(/boot/)).toEqual([
      `launchctl bootout user/501/${LABEL}`,
      `launchctl bootstrap gui/501 ${AGENT}`,
    ]);
    expect([mac.has(`loaded-user_501_${LABEL}`), mac.has(`loaded-gui_501_${LABEL}`)]).toEqual([false, true]);
  });
});

describe('what is refused, before anything is done', () => {
  const untouched = (mac: FakeMac) =>
    expect([mac.files(), mac.has('account')]).toEqual([new FakeMac(mac.uid).files(), false]);

  test.each<[string, OptionValues, RegExp]>([
    [
      'an address that is none',
      { 'web.listen-address': ['nowhere'] },
      /--web.listen-address takes HOST:PORT/,
    ],
    ['a path that is taken', { 'web.telemetry-path': '/api/v1' }, /--web.telemetry-path takes/],
    ['a number that is none', { 'web.max-requests': 'many' }, /--web.max-requests takes a whole number/],
    ['a pattern that is none', { 'collector.app.include': '(' }, /--collector.app.include takes a regular/],
    ['sensors that are none', { 'collector.thermal.sensors': 'some' }, /--collector.thermal.sensors takes/],
    ['windows that cross', { 'sampling.max-window': '5' }, /--sampling.max-window must not be below/],
    ['an interval that is none', { 'sampling.interval': 'often' }, /--sampling.interval takes seconds/],
    ['a machine file that is not there', { machine: 'no-such' }, /there is no machine file no-such/],
    ['an empty log', { 'log.file': '' }, /--log.file takes the path/],
    [
      'a log in the folder of whoever installs',
      { 'log.file': 'a.log' },
      /--log.file takes an absolute path, not "a.log"/,
    ],
    [
      'a configuration that is wrong',
      { 'config.file': scratch('wrong.yml', 'web.max-requests: many\n') },
      /wrong\.yml: web\.max-requests takes a whole number/,
    ],
    ['a log in a folder that is not there', { 'log.file': '/no/such/a.log' }, /no folder \/no\/such/],
    [
      'a socket in the folder of whoever installs',
      { 'web.listen-address': ['unix:s'] },
      /absolute path, not "s"/,
    ],
    ['a node that is not there', { node: '/no/such/node' }, /there is no program \/no\/such\/node/],
    ['a relative node', { node: 'node' }, /--node takes an absolute path, not "node"/],
    ['a program that is not node', { node: '/bin/false' }, /^\/bin\/false .*--version fails with code 1/],
    ['both kinds', { user: true, system: true }, /exclude each other/],
  ])('%s', async (_, typed, words) => {
    const mac = new FakeMac();
    expect(await refusal(mac, install(mac, typed))).toMatch(words);
    untouched(mac);
    expect(mac.calls()).toEqual([]);
  });

  test.each([
    ['install', {}, 501, /needs root: sudo metalstat-exporter service install; .* service install --user$/],
    ['uninstall', {}, 501, /needs root: sudo metalstat-exporter service uninstall/],
    ['install', { user: true }, 0, /service install --user, without sudo$/],
    [
      'status',
      { 'web.max-requests': '3' },
      0,
      /service status takes no --web.max-requests; service install does/,
    ],
    ['uninstall', { node: '/usr/bin/node' }, 0, /service uninstall takes no --node/],
  ])('%s %j as user %d', async (action, typed: OptionValues, uid, words) => {
    const mac = new FakeMac(uid);
    expect(await refusal(mac, act(mac, action, typed))).toMatch(words);
    untouched(mac);
  });

  test.each([
    [
      '/opt/homebrew/Cellar/node/22.1.0/bin/node',
      /gone after the next brew upgrade; add --node \/opt\/homebrew\/opt\/node\/bin\/node$/,
    ],
    ['/usr/local/Cellar/node@22/22.1.0/bin/node', /--node \/usr\/local\/opt\/node@22\/bin\/node$/],
    [
      '/Users/jane/.nvm/versions/node/v20/bin/node',
      /gone when that version of Node is; install Node .* --node \/usr\/local\/bin\/node/,
    ],
    ['/Users/jane/.local/share/fnm/node-versions/v20.1.0/installation/bin/node', /of one version/],
    ['/Users/jane/.volta/tools/image/node/20.1.0/bin/node', /of one version/],
    ['/private/var/folders/xx/T/node', /a cache that is emptied; install the exporter with npm install -g/],
    ['/Users/jane/Documents/node', /macOS lets no service read; move it/],
  ])('the node %s', (node, words) => {
    expect(() => lastingNode(undefined, { node, root: '' })).toThrow(words);
    expect(() => lastingNode(node, { node: NODE, root: '' })).toThrow(words);
  });

  test.each([
    ['/Users/jane/.npm/_npx/0123/node_modules/metalstat-exporter/dist/main.js', /a cache that is emptied/],
    ['/private/var/folders/xx/T/npx/metalstat-exporter/dist/main.js', /a cache that is emptied/],
    [
      '/Users/jane/.nvm/versions/node/v20.1.0/lib/node_modules/metalstat-exporter/dist/main.js',
      /version of Node/,
    ],
    ['/Users/jane/Downloads/metalstat-exporter/dist/main.js', /macOS lets no service read/],
  ])('the exporter at %s', (script, words) => {
    expect(() => lastingScript({ script, root: '' })).toThrow(words);
  });

  test('not the exporter in the Cellar, which Homebrew also keeps under a lasting path', () => {
    const root = new FakeMac().root;
    const script = `${root}/opt/homebrew/Cellar/metalstat-exporter/0.1.0/dist/main.js`;
    expect(() => lastingScript({ script, root })).toThrow(
      /of one version, .*; install the exporter with npm/,
    );
    mkdirSync(dirname(script), { recursive: true });
    writeFileSync(script, '');
    mkdirSync(`${root}/opt/homebrew/opt`);
    symlinkSync('../Cellar/metalstat-exporter/0.1.0', `${root}/opt/homebrew/opt/metalstat-exporter`);
    expect(lastingScript({ script, root })).toBe(`${root}/opt/homebrew/opt/metalstat-exporter/dist/main.js`);
  });

  test('a port that something else has, by the name of that', async () => {
    const [server, port] = await listening();
    const mac = new FakeMac();
    const typed = { 'web.listen-address': [`127.0.0.1:${port}`] };
    mac.set('lsof', 'p99\ncnode_exporter\nf3\n');
    expect(await refusal(mac, install(mac, typed))).toBe(
      `127.0.0.1:${port} is in use by node_exporter (pid 99); end it, or choose another address with --web.listen-address`,
    );
    mac.unset('lsof');
    expect(await refusal(mac, install(mac, typed))).toContain('in use by another program');
    expect(mac.calls(/lsof/)[0]).toBe(`lsof -nP -iTCP:${port} -sTCP:LISTEN -Fpc`);
    untouched(mac);
    server.close();
  });

  test('a port that the service itself has is none that is taken, one of another is', async () => {
    const mac = new FakeMac();
    await install(mac);
    const [server, port] = await listening();
    const typed = { 'web.listen-address': [`127.0.0.1:${port}`] };
    mac.set('lsof', 'p4242\ncnode\n');
    await install(mac, typed);
    mac.set('lsof', 'p99\ncnode\n');
    expect(await refusal(mac, install(mac, typed))).toContain('in use by node (pid 99)');
    server.close();
  });

  test('an address that this Mac does not have', async () => {
    const mac = new FakeMac();
    expect(await refusal(mac, install(mac, { 'web.listen-address': ['192.0.2.1:13013'] }))).toContain(
      '192.0.2.1:13013 is no address of this machine',
    );
  });
});

describe('errors of launchctl have their code and a remedy', () => {
  test.each([
    [
      'bootstrap',
      'Bootstrap failed: 5: Input/output error',
      /code 5 \(.*Input\/output error\): .*try again/,
      4,
    ],
    [
      'bootstrap',
      'Bootstrap failed: 119: Service is disabled',
      /code 119 .*launchctl enable system\/io\.github/,
      1,
    ],
    [
      'bootstrap',
      'Bootstrap failed: 125: Domain does not support specified action',
      /code 125 .*no such session/,
      1,
    ],
    [
      'bootstrap',
      'Bootstrap failed: 77: Something new',
      /code 77 \(.*Something new\): see launchctl error/,
      1,
    ],
  ])('%s: %s', async (command, answer, words, times) => {
    const mac = new FakeMac();
    mac.set(command, answer);
    expect(await refusal(mac, install(mac))).toMatch(words);
    expect(mac.calls(/bootstrap/)).toHaveLength(times);
  });

  test('bootout of what stays', async () => {
    const mac = new FakeMac();
    await install(mac);
    mac.set('bootout', 'Boot-out failed: 1: Operation not permitted');
    expect(await refusal(mac, act(mac, 'uninstall'))).toMatch(
      /bootout system\/\S+ failed with code 1 .*run it with sudo/,
    );
    expect(mac.files()).toContain(DAEMON);
  });

  test('one that does not end in time', async () => {
    const mac = new FakeMac();
    await install(mac);
    mac.set('linger', 'x\n'.repeat(200));
    expect(await refusal(mac, act(mac, 'uninstall'))).toMatch(/does not end; see launchctl print system/);
  });
});

describe('43. uninstall', () => {
  test.each([
    ['the whole Mac', () => new FakeMac(), {}],
    ['one user', agent, { user: true }],
  ])('leaves nothing behind of a service of %s', async (_, make, kind: OptionValues) => {
    const mac = make();
    const before = mac.files();
    await install(mac, kind);
    const log = mac.files().some((file) => file === DAEMON) ? DAEMON_LOG : AGENT_LOG;
    for (const ending of ['', '.1', '.4']) writeFileSync(`${mac.root}${log}${ending}`, 'x');
    expect(mac.files().length).toBeGreaterThan(before.length + 3);
    expect(await act(mac, 'uninstall', kind)).toBe(
      `The service ${LABEL} is uninstalled; nothing is left of it.`,
    );
    expect([mac.files(), mac.has('account')]).toEqual([before, false]);
    expect([`system_${LABEL}`, `gui_501_${LABEL}`].map((name) => mac.has(`loaded-${name}`))).toEqual([
      false,
      false,
    ]);
  });

  test('asks launchd and then removes the account that it made', async () => {
    const mac = new FakeMac();
    await install(mac);
    mac.calls();
    await act(mac, 'uninstall');
    expect(mac.calls()).toEqual([
      `launchctl print system/${LABEL}`,
      `launchctl bootout system/${LABEL}`,
      `launchctl print system/${LABEL}`,
      'dscl . -read /Users/_metalstat RealName',
      'sysadminctl -deleteUser _metalstat -keepHome',
      'dscl . -read /Users/_metalstat UniqueID',
    ]);
  });

  test('keeps an account that somebody else made', async () => {
    const mac = new FakeMac();
    mac.set('account', '470\nMetal Stat\n');
    await install(mac);
    expect(mac.calls(/addUser/)).toEqual([]);
    await act(mac, 'uninstall');
    expect([mac.has('account'), mac.calls(/deleteUser/)]).toEqual([true, []]);
  });

  test('says what to do about an account that macOS does not give up', async () => {
    const mac = new FakeMac();
    await install(mac);
    mac.set('keeps-account');
    expect(await refusal(mac, act(mac, 'uninstall'))).toMatch(
      /could not be removed \(not authorised\); give .* Full Disk Access/,
    );
    expect(mac.files()).toEqual(new FakeMac().files());
  });

  test('removes logs that are elsewhere, and nothing beside them', async () => {
    const mac = new FakeMac();
    mkdirSync(`${mac.root}/logs`);
    const log = `${mac.root}/logs/mac.log`;
    await install(mac, { 'log.file': log });
    for (const file of [log, `${log}.1`, `${mac.root}/logs/other.log`]) writeFileSync(file, 'x');
    await act(mac, 'uninstall');
    expect([log, `${log}.1`, `${mac.root}/logs/other.log`].map(existsSync)).toEqual([false, false, true]);
  });

  test('of what is not installed is no error, nor is a property list that is none', async () => {
    const mac = new FakeMac();
    expect(await act(mac, 'uninstall')).toBe('No service is installed.');
    expect(mac.calls(/bootout/)).toEqual([]);
    writeFileSync(mac.root + DAEMON, 'not a property list');
    await act(mac, 'uninstall');
    expect(mac.files()).toEqual(new FakeMac().files());
  });
});

describe('status', () => {
  test('asks and says where it runs, its log and its command', async () => {
    const mac = new FakeMac();
    await install(mac);
    mac.calls();
    expect((await act(mac, 'status')).split('\n')).toEqual([
      `The service ${LABEL} runs in system (pid 4242).`,
      `  property list  ${DAEMON}`,
      `  log            ${DAEMON_LOG}`,
      `  runs           ${NODE} ${SCRIPT} serve --web.listen-address 127.0.0.1:${free} --log.file ${DAEMON_LOG}`,
      'It listens on this computer only; the firewall matters once others may connect.',
      'Firewall: off; it drops nothing.',
    ]);
    expect(process.exitCode).toBe(0);
    expect(mac.calls()).toEqual([`launchctl print system/${LABEL}`, 'socketfilterfw --getglobalstate']);
  });

  test('does not say that it is private where others may connect', async () => {
    const mac = new FakeMac();
    await install(mac, { 'web.listen-address': [`:${free}`] });
    expect(await act(mac, 'status')).not.toContain('this computer only');
  });

  test('finds the agent of a user without being told, and needs no root', async () => {
    const mac = agent();
    await install(mac, { user: true });
    expect(await act(mac, 'status')).toContain('runs in gui/501 (pid 4242)');
    expect(await act(mac, 'status', { system: true })).toMatch(
      /^No service is installed; install one with: sudo/,
    );
    expect(process.exitCode).toBe(1);
  });

  test('tells of one that is loaded and does not run, and of one that is not loaded, with exit code 1', async () => {
    const mac = new FakeMac();
    await install(mac);
    mac.set('dies');
    expect(await act(mac, 'status')).toMatch(
      /is loaded in system but does not run \(spawn scheduled, last exit code 2\)/,
    );
    expect(process.exitCode).toBe(1);
    mac.unset(`loaded-system_${LABEL}`);
    expect(await act(mac, 'status')).toMatch(
      /is installed but not loaded; load it with: sudo metalstat-exporter service install/,
    );
  });

  describe('and what the firewall does', () => {
    const ON = 'Firewall is enabled. (State = 1)';
    const SIGNED = 'Authority=Developer ID Application\nTeamIdentifier=HX7739G8FX\n';
    const allows = (state: string) =>
      `Automatically allow built-in signed software ENABLED.\nAutomatically allow downloaded signed software ${state}.`;
    const listed = (rule: string) =>
      `Total number of apps = 2\n1 : /usr/bin/python3 \n             (Block incoming connections)\n2 : ${process.execPath} \n             (${rule} incoming connections)\n`;
    const TOOL = '  sudo /usr/libexec/ApplicationFirewall/socketfilterfw';
    const add = [`${TOOL} --add '${process.execPath}'`, `${TOOL} --unblockapp '${process.execPath}'`];

    test.each<[string, Readonly<Record<string, string>>, RegExp, readonly string[]]>([
      ['off', { '--getglobalstate': 'Firewall is disabled. (State = 0)' }, /off; it drops nothing/, []],
      [
        'that blocks all',
        { '--getglobalstate': 'Firewall is enabled. (State = 2)' },
        /drops every scrape/,
        [`${TOOL} --setblockall off`],
      ],
      [
        'that blocks all, as macOS says it now',
        { '--getblockall': 'Firewall has block all state set to enabled.' },
        /drops every scrape/,
        [`${TOOL} --setblockall off`],
      ],
      ['that lets node through', { '--listapps': listed('Allow') }, /on; it lets scrapes through/, []],
      ['that blocks node', { '--listapps': listed('Block') }, /drops scrapes .* is blocked/, [add[1]!]],
      ['that does not know a node nobody signed', {}, /drops scrapes .* which no developer has signed/, add],
      [
        'that lets what is signed through',
        { codesign: SIGNED, '--getallowsigned': allows('ENABLED') },
        /is signed, and signed software is let through/,
        [],
      ],
      [
        'that does not',
        { codesign: SIGNED, '--getallowsigned': allows('DISABLED') },
        /drops scrapes .* signed software is not let through/,
        add,
      ],
      [
        'that does not show its list',
        { '--listapps': 'Firewall settings cannot be shown' },
        /list of programs could not be read/,
        [`${TOOL} --listapps`],
      ],
      ['that does not tell', { '--getglobalstate': '' }, /could not be read/, [`${TOOL} --getglobalstate`]],
    ])('one %s', async (_, answers, words, commands) => {
      const mac = new FakeMac();
      await install(mac);
      const all = {
        '--getglobalstate': ON,
        '--getblockall': 'Firewall has block all state set to disabled.',
        '--listapps': 'Total number of apps = 0',
        ...answers,
      };
      for (const [name, text] of Object.entries(all))
        mac.set(name.startsWith('--') ? `firewall${name}` : name, text);
      const lines = (await act(mac, 'status')).split('\n').slice(5);
      expect(lines[0]).toMatch(words);
      expect(lines.slice(1)).toEqual(commands);
    });
  });
});

describe('as a command', () => {
  if (process.platform !== 'darwin')
    test.each(['install', 'uninstall', 'status'])('%s is refused off a Mac in one line', async (action) => {
      const { code, stdout, stderr } = await run(['service', action]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(
        /^metalstat-exporter: service is for launchd, and this is not a Mac; .*serve\n$/,
      );
    });

  test('wants one of its actions', async () => {
    for (const args of [['service'], ['service', 'restart'], ['service', 'install', 'now']]) {
      const { code, stderr } = await run(args);
      expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 2, lines: 2 });
    }
  });

  test('takes what is typed, and what variables say, as words of a command line', async () => {
    const spy = scratch(
      'spy.cjs',
      `const { setOptions } = require(${JSON.stringify(MAIN.replace(/main\.js$/, 'config/given.js'))});
       require(${JSON.stringify(MAIN.replace(/main\.js$/, 'cli/service.js'))}).service =
         async (given, action) => console.log(JSON.stringify([action, setOptions(given)]));`,
    );
    const args = [
      'service',
      'install',
      '--web.listen-address',
      ':1',
      '--web.listen-address=:2',
      '--no-collector.os',
      '--collector.app',
    ];
    const env = { METALSTAT_EXPORTER_COLLECTOR_FAN: 'false', METALSTAT_EXPORTER_COLLECTOR_APP_TOP: '3' };
    const { stdout } = await new Process(MAIN, args, { node: ['-r', spy], env }).ended;
    const [action, given] = JSON.parse(stdout) as [string, readonly SetOption[]];
    expect(action).toBe('install');
    expect(given.map(({ words, isTyped }) => [...words, isTyped])).toEqual([
      ['--web.listen-address', ':1', '--web.listen-address', ':2', true],
      ['--no-collector.fan', false],
      ['--collector.app', true],
      ['--no-collector.os', true],
      ['--collector.app.top', '3', false],
    ]);
  });

  test('what launchd would run serves, and logs where it is said', async () => {
    const mac = new FakeMac();
    await install(mac, { machine: 'any' });
    const { ProgramArguments } = plist.parse(readFileSync(mac.root + DAEMON, 'utf8')) as unknown as {
      ProgramArguments: readonly string[];
    };
    const [, script, ...args] = ProgramArguments;
    const running = new Process(script!, args);
    const url = `http://127.0.0.1:${free}`;
    for (;;) {
      const answer = await ask(`${url}/-/healthy`).catch(() => undefined);
      if (answer?.status === 200) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await ask(`${url}/metrics`)).text).toContain('\nmetal_alloc_bytes ');
    expect(await running.stop('SIGTERM')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(mac.root + DAEMON_LOG, 'utf8')).toMatch(
      /Z Playing the machine file .*\n\S+Z Listening on .*\n\S+Z Stopping \(SIGTERM\)\.\n$/,
    );
  });
});

test('the stand-in of launchd refuses what launchd refuses', () => {
  const mac = new FakeMac();
  const answer = (...args: string[]) => spawnSync(`${mac.path}/launchctl`, args, { encoding: 'utf8' }).status;
  writeFileSync(mac.root + DAEMON, '');
  expect([answer('bootout', `system/${LABEL}`), answer('bootstrap', 'system', mac.root + DAEMON)]).toEqual([
    3, 0,
  ]);
  expect([answer('bootstrap', 'system', mac.root + DAEMON), answer('print', `system/${LABEL}`)]).toEqual([
    5, 0,
  ]);
});
