// Options from the command line, the environment and a configuration file; and reading them again while the server runs.

import { Ajv } from 'ajv';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOptions } from '../src/config/commands';
import { fileOptions } from '../src/config/given';
import { readConfigFile } from '../src/config/config_file';
import { cleanUp, ROOT, run, scratch } from './support/command';
import { samples } from './support/exporter';
import { Serving } from './support/serving';

const OPTIONS = fileOptions(commandOptions('serve'));
const MACHINE = 'Mac17,6__m5-max__27.0__mixed';
const FREE = ['--web.listen-address', '127.0.0.1:0', '--machine', MACHINE];

afterAll(cleanUp);

const check = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run(['serve', '--config.check', ...args], { env });
/** Value and origin by option, as --config.check prints them. */
const told = (printed: string): ReadonlyMap<string, string> =>
  new Map(
    printed.split('\n').flatMap((line) => {
      const [, name, rest] = /^([\w.-]+) {2,}(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, rest!.replaceAll(/ {2,}/g, ' | ')] as const];
    }),
  );

describe('a value', () => {
  test('is from the command line, else the environment, else the file, else the table', async () => {
    const file = scratch(
      'precedence.yml',
      'web.max-requests: 7\nsampling.min-window: 20\nsampling.max-window: 90\ncollector.fan: false\n',
    );
    const env = {
      METALSTAT_EXPORTER_CONFIG_FILE: file,
      METALSTAT_EXPORTER_SAMPLING_MIN_WINDOW: '30',
      METALSTAT_EXPORTER_SAMPLING_MAX_WINDOW: '60',
    };
    const { code, stdout, stderr } = await check(['--sampling.max-window', '45'], env);
    expect([code, stderr]).toEqual([0, '']);
    expect(Object.fromEntries(told(stdout))).toMatchObject({
      'config.file': `${file} | environment`,
      'sampling.max-window': '45 | command line',
      'sampling.min-window': '30 | environment',
      'web.max-requests': '7 | file',
      'collector.fan': 'off | file',
      'collector.gpu': 'on | default',
      'web.listen-address': '127.0.0.1:13013 | default',
      machine: '- | default',
    });
    expect([...told(stdout).keys()].sort()).toEqual(
      commandOptions('serve')
        .map(({ name }) => name)
        .filter((name) => name !== 'config.check')
        .sort(),
    );
  });

  test('of a switch is taken back by the command line', async () => {
    const file = scratch('switch.yml', 'collector.cpu.states: true\ncollector.fan: true\n');
    const { stdout } = await check(['--config.file', file, '--no-collector.fan']);
    expect(told(stdout).get('collector.fan')).toBe('off | command line');
    expect(told(stdout).get('collector.cpu.states')).toBe('on | file');
  });

  test('is used by the server', async () => {
    const file = scratch(
      'used.yml',
      'web.telemetry-path: /mac\ncollector.gpu: false\ncollector.app.top: 3\n',
    );
    const server = await new Serving(['--config.file', file, ...FREE]).ready();
    const page = await (await fetch(`${server.url}/mac`)).text();
    expect(page).toContain('\nmemory_pressure_level ');
    expect(page).not.toContain('gpu_utilization');
    expect((await server.stop('SIGTERM')).code).toBe(0);
  });

  test('of nothing at all is none', async () => {
    const { code } = await check(['--config.file', scratch('empty.yml', '# nothing\n')]);
    expect(code).toBe(0);
  });
});

describe('what is wrong ends the start with one line that names the place', () => {
  test.each([
    ['web.max-request: 3', ': there is no option web.max-request; did you mean web.max-requests?'],
    ['colour: red', ': there is no option colour; see serve --help'],
    ['config.file: other.yml', ': there is no option config.file'],
    ['web.max-requests: many', ': web.max-requests takes a whole number of 1 or more, not "many"'],
    ['web.max-requests: [1, 2]', ': web.max-requests takes one value, not [1,2]'],
    ['web.max-requests: { a: 1 }', ': web.max-requests takes one value, not {"a":1}'],
    ['collector.gpu: "yes"', ': collector.gpu takes true or false, not "yes"'],
    ['collector.disable-defaults: 1', ': collector.disable-defaults takes true or false, not 1'],
    ['web.listen-address: []', ': web.listen-address takes one value or a list, not []'],
    ['web.listen-address: [13013]', ': web.listen-address takes HOST:PORT'],
    ['collector.thermal.sensors: some', ': collector.thermal.sensors takes roles, all, none, not "some"'],
    ['sampling.interval: 0.2', ': sampling.interval takes seconds, 1 to 86400, not "0.2"'],
    ['collector.app.include: "("', ': collector.app.include takes a regular expression'],
    ['- web.max-requests', ': expected names of options with their values'],
    ['web.max-requests: 1\nweb.max-requests: 2', ': line 2: Map keys must be unique'],
    ['web.max-requests: "1', ': line 2: Missing closing "quote'],
    ['web.listen-address: &a [x]\nweb.telemetry-path: *a', ': aliases (*name) are not taken'],
    ['web.max-requests: &a\n- *a', ': aliases (*name) are not taken'],
  ])('%j', async (text, message) => {
    const file = scratch('wrong.yml', `${text}\n`);
    const { code, stdout, stderr } = await check(['--config.file', file]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^metalstat-exporter: .+\n$/);
    if (message !== '') expect(stderr).toContain(`${file}${message}`);
  });

  test('a file that cannot be read', async () => {
    const { code, stderr } = await check(['--config.file', '/no/such/file.yml']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(
        /^metalstat-exporter: cannot read the configuration file \/no\/such\/file\.yml: ENOENT.*\n$/,
      ),
    ]);
  });

  test('a variable', async () => {
    const { code, stderr } = await check([], { METALSTAT_EXPORTER_WEB_MAX_REQUESTS: 'x' });
    expect([code, stderr]).toEqual([
      2,
      'metalstat-exporter: METALSTAT_EXPORTER_WEB_MAX_REQUESTS takes a whole number of 1 or more, not "x"\n',
    ]);
  });
});

describe('the JSON Schema', () => {
  const schema = JSON.parse(readFileSync(join(ROOT, 'src/config/config.schema.json'), 'utf8')) as object;
  const isValid = new Ajv({ allowUnionTypes: true }).compile(schema);
  const isRead = (content: unknown): boolean => {
    try {
      readConfigFile(scratch('schema.yml', JSON.stringify(content)), OPTIONS);
      return true;
    } catch {
      return false;
    }
  };

  test('has every option but those of the file itself', () => {
    expect(Object.keys((schema as { properties: object }).properties)).toEqual(
      OPTIONS.map(({ name }) => name),
    );
  });

  test('takes what the file may have, and refuses what it may not', () => {
    const values = [true, false, 3, 0.5, 'x', '', [], ['a', 'b'], [1], [[]], { a: 1 }, null];
    for (const { name } of OPTIONS)
      for (const value of values) {
        const content = { [name]: value };
        // Which texts an option takes the schema tells only of those that have a list of them.
        if (name !== 'collector.thermal.sensors' || typeof value === 'object')
          expect([content, isValid(content)]).toEqual([content, isRead(content)]);
      }
    expect([isValid({}), isValid(null), isValid([]), isValid({ other: 1 })]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('SIGHUP', () => {
  const RELOADED = 'metalstat_exporter_config_last_reload_successful';
  const pageOf = async (server: Serving) => (await fetch(`${server.url}/metrics`)).text();

  test('takes over what can change, loses no scrape, and says what cannot', async () => {
    const file = scratch('reload.yml', 'collector.fan: true\n');
    const server = await new Serving(['--config.file', file, ...FREE]).ready();
    const before = await pageOf(server);
    expect(before).toContain('\nmac_fan_speed_rpm{');
    expect(samples(before).get(RELOADED)).toBe(1);

    writeFileSync(file, 'collector.fan: false\nweb.telemetry-path: /other\n');
    server.kill('SIGHUP');
    const codes = new Set<number>();
    while (!server.stdout.includes('was read again'))
      codes.add((await fetch(`${server.url}/metrics`)).status);
    expect([...codes]).toEqual([200]);
    const after = await pageOf(server);
    expect(after).not.toContain('mac_fan_speed_rpm');
    expect(after).toContain('\nmac_energy_joules_total{');
    expect(samples(after).get(RELOADED)).toBe(1);
    expect(samples(after).get('metalstat_exporter_scrapes_total{code="200"}')).toBeGreaterThan(1);
    expect(server.stderr).toBe(
      'metalstat-exporter: web.telemetry-path has changed and is taken over at the next start\n',
    );
    expect((await server.stop('SIGTERM')).code).toBe(0);
  });

  test('keeps what it has when the file is wrong, says so, and gets over it', async () => {
    const file = scratch('kept.yml', 'collector.fan: false\n');
    const server = await new Serving(['--config.file', file, ...FREE]).ready();
    writeFileSync(file, 'collector.fans: true\n');
    server.kill('SIGHUP');
    while (!server.stderr.includes('\n')) await pageOf(server);
    expect(server.stderr).toBe(
      `metalstat-exporter: the configuration stays as it was: ${file}: there is no option collector.fans; did you mean collector.fan?\n`,
    );
    const page = await pageOf(server);
    expect(samples(page).get(RELOADED)).toBe(0);
    expect(page).not.toContain('mac_fan_speed_rpm');

    writeFileSync(file, 'collector.fan: true\n');
    server.kill('SIGHUP');
    while (!server.stdout.includes('was read again')) await pageOf(server);
    const mended = await pageOf(server);
    expect(samples(mended).get(RELOADED)).toBe(1);
    expect(mended).toContain('\nmac_fan_speed_rpm{');
    expect((await server.stop('SIGTERM')).code).toBe(0);
  });

  test('while it is still starting is no end of it', async () => {
    const server = await new Serving(FREE).listening();
    server.kill('SIGHUP');
    await server.until(/was read again/);
    expect((await (await server.ready()).stop('SIGTERM')).code).toBe(0);
  });

  test('without a file changes nothing and ends nothing', async () => {
    const server = await new Serving(FREE).ready();
    server.kill('SIGHUP');
    await server.until(/was read again/);
    expect((await fetch(`${server.url}/metrics`)).status).toBe(200);
    expect((await server.stop('SIGTERM')).code).toBe(0);
  });
});
