// What the documents say is so: every command works, every table, link and name is up to date.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  COLLECTOR_OPTIONS,
  environmentName,
  MACHINE_OPTION,
  SERVE_OPTIONS,
  type Option,
} from '../src/config/options';
import { families } from '../src/metrics/catalogue';
import { generated } from '../src/metrics/generate';
import { OwnMetrics } from '../src/metrics/own';
import { samples } from './support/exporter';
import { certificate, curl } from './support/tls';
import { cleanUp, MAIN, Process, ROOT, run, SCRATCH, scratch } from './support/command';

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'addon/README.md',
  'test/machines/README.md',
  'test/bench/README.md',
  'dashboards/README.md',
  'dashboards/runbooks/README.md',
  'test/macho/README.md',
] as const;
const OPTIONS: readonly Option[] = [...SERVE_OPTIONS, MACHINE_OPTION, ...COLLECTOR_OPTIONS];

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const readme = read('README.md');

/** Bodies of the fenced blocks in some languages. */
function blocks(text: string, ...languages: readonly string[]): readonly string[] {
  const fences = text.matchAll(/^```(\w*)\n(.*?)^```$/gms);
  return [...fences].flatMap(([, language, body]) => (languages.includes(language!) ? [body!] : []));
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');
const wordsOf = (text: string): string[] => text.split(' ').filter((word) => word !== '');

afterAll(cleanUp);

interface Package {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const {
  name: packageName,
  scripts,
  dependencies,
  devDependencies,
} = JSON.parse(read('package.json')) as Package;

describe('commands', () => {
  interface CommandLine {
    readonly env: Readonly<Record<string, string>>;
    readonly args: readonly string[];
  }

  /** `NAME=value … node dist/main.js …` in its parts. */
  function parse(command: string): CommandLine {
    const match = /^((?:[A-Z_]+=\S+ )*)node dist\/main\.js ?(.*)$/.exec(command);
    if (!match) throw new Error(`not a command of the exporter: ${command}`);
    const variables = wordsOf(match[1]!).map((pair) => pair.split('=') as [string, string]);
    return { env: Object.fromEntries(variables), args: wordsOf(match[2]!) };
  }

  /** What a command that ends prints. */
  async function printed(command: string): Promise<string> {
    const { env, args } = parse(command);
    const { code, stdout, stderr } = await run(args, { env });
    if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
    return stdout;
  }

  /** Starts a command that serves, on a free port and with a machine file if it names none. */
  async function served(command: string, use: (url: string) => Promise<void>): Promise<void> {
    const { env, args } = parse(command);
    const at = args.indexOf('--web.listen-address');
    const others = at < 0 ? args : [...args.slice(0, at), ...args.slice(at + 2)];
    const machine = args.includes('--machine') ? [] : ['--machine', 'any'];
    const running = new Process(MAIN, [...others, ...machine, '--web.listen-address', '127.0.0.1:0'], {
      env,
    });
    const [, url] = await running.until(/^Listening on (\S+)\/metrics/m);
    await use(url!);
    const { code, stdout } = await running.stop('SIGTERM');
    if (process.platform !== 'darwin') expect(stdout).toMatch(/^Playing the machine file /);
    expect(code).toBe(0);
  }

  /** A command that prints until it is told to stop. */
  const watches = (pattern: RegExp) => async (command: string) => {
    const running = new Process(MAIN, [...parse(command).args, '--machine', 'any']);
    await running.until(pattern);
    expect((await running.stop('SIGINT')).code).toBe(0);
  };

  const pageAt = async (url: string): Promise<string> => (await fetch(url)).text();

  const serves = (command: string) =>
    served(command, async (url) => {
      expect(await pageAt(`${url}/metrics`)).toContain('\nmetal_alloc_bytes ');
    });

  /** Of a machine file, and not for as long as the command says. */
  async function records(command: string): Promise<void> {
    const path = join(SCRATCH, 'mac.json');
    const short = command.replace('mac.json', `${path} --machine any`).replace('--frames 30', '--frames 2');
    await printed(short);
    const { code, stderr } = await run(['once', '--machine', path]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('Playing the machine file mac')]);
  }

  /** With the configuration file that is shown. */
  const configured = (command: string): string =>
    command.replace(
      'metalstat.yml',
      scratch(
        'metalstat.yml',
        blocks(readme, 'yaml').find((block) => block.startsWith('# metalstat.yml'))!,
      ),
    );
  const hasNoFans = async (url: string): Promise<void> => {
    const page = await pageAt(`${url}/metrics`);
    expect(page).toContain('mac_energy_joules_total');
    expect(page).not.toContain('mac_fan_');
  };

  /** Nothing is installed here: that it is understood, and refused where there is no launchd. */
  async function refusedOffAMac(command: string): Promise<void> {
    if (process.platform === 'darwin') return;
    const { code, stderr } = await run(parse(command.replace(/^sudo /, '')).args);
    expect(stderr).toMatch(/^metalstat-exporter: service is for launchd, and this is not a Mac; .+\n$/);
    expect(code).toBe(2);
  }

  /** The address in the command must be the default one; asked is a server on another. */
  async function curls(command: string): Promise<void> {
    const url = new URL(/http:[^'\s]+/.exec(command)![0]);
    expect(SERVE_OPTIONS[0]!.default).toEqual([url.host]);
    await served('node dist/main.js serve', async (server) => {
      expect(await pageAt(`${server}${url.pathname}${url.search}`)).toContain('# HELP mac_gpu_');
    });
  }

  /** What `npm ci` installs is what package.json asks for, and it builds. */
  function installs(): void {
    const lock = JSON.parse(read('package-lock.json')) as { readonly packages: Record<string, Package> };
    expect(lock.packages['']).toMatchObject({ dependencies, devDependencies });
    expect(scripts['prepare']).toBe('npm run build');
    expect(scripts['build']).toBe('npm run build:addon && npm run build:ts');
  }

  /** Nothing is published: that the command names what would be. test/services/package.test.ts installs what is packed. */
  const installsPackage = (command: string): void => {
    expect(wordsOf(command).at(-1)).toBe(packageName);
  };

  /** How each command is verified. */
  const VERIFIED: Readonly<Record<string, (command: string) => void | Promise<void>>> = {
    'npm install --global metalstat-exporter': installsPackage,
    // test/services/formula.test.ts looks at what it would run.
    'brew services start metalstat-exporter': (command) => {
      installsPackage(command);
      expect(read(`Formula/${packageName}.rb`)).toMatch(/^ {2}service do$/m);
    },
    'npm audit signatures': () => {
      expect(read('.github/workflows/release.yml')).toContain('run: npm publish --provenance ');
    },
    'npm ci && npm start': async () => {
      installs();
      await serves(scripts['start']!);
    },
    'npm ci && npm test': () => {
      installs();
      expect(scripts).toMatchObject({ pretest: 'npm run build', test: 'npm run lint && jest' });
    },
    'node dist/main.js once --machine Mac17,6__m5-max__27.0__mixed': async (command) => {
      const page = await printed(command);
      const seen = new Set([...samples(page).keys(), ...linesOf(page)]);
      const sample = blocks(readme, 'text')[0]!;
      const shown = [...samples(sample).keys(), ...linesOf(sample).filter((line) => line.startsWith('#'))];
      expect(shown.length).toBeGreaterThan(10);
      expect(shown.filter((line) => !seen.has(line))).toEqual([]);
    },
    'node dist/main.js serve --web.listen-address :13013': serves,
    'node dist/main.js serve --web.listen-address :13013 --web.config.file web.yml': async (command) => {
      const shown = blocks(readme, 'yaml').find((block) => block.startsWith('tls_server_config:'))!;
      const files = certificate('localhost');
      const text = shown.replace('server.crt', files.cert).replace('server.key', files.key);
      const { args } = parse(
        command.replace('web.yml', scratch('web.yml', text)).replace(':13013', '127.0.0.1:0'),
      );
      const running = new Process(MAIN, [...args, '--machine', 'any']);
      const [, url] = await running.until(/^Listening on (https:\S+)/m);
      const statuses = ['secret', 'wrong'].map(
        (password) => curl(url!, '-u', `prometheus:${password}`).status,
      );
      expect(statuses).toEqual([200, 401]);
      expect((await running.stop('SIGTERM')).code).toBe(0);
    },
    'node dist/main.js serve --machine Macmini9,1__m1__15.6__load --no-collector.os': (command) =>
      served(command, async (url) => {
        const page = await pageAt(`${url}/metrics`);
        expect(page).toContain('machine="Macmini9,1__m1__15.6__load"');
        expect(page).not.toContain('mac_info');
      }),
    'node dist/main.js serve --machine any --sampling.interval 2': serves,
    'node dist/main.js once --machine Mac14,14__m2-ultra__15.2__build-farm --collector.app.resolve Runner.Listener,sshd':
      async (command) => {
        const page = await printed(command);
        expect(page).toContain('mac_app_cpu_seconds_total{app="Runner.Listener"}');
        expect(page).toMatch(/mac_app_memory_bytes\{app="[^"]*"\} \d+/);
      },
    'node dist/main.js once --machine any --format json': async (command) => {
      expect(JSON.parse(await printed(command))).toHaveProperty('metal_alloc_bytes');
    },
    'node dist/main.js status -a -p -i 2': watches(/ +Memory {2}\d/),
    'node dist/main.js status --machine Mac17,6__m5-max__27.0__load -a -t -p -n 3 --sample-duration 4':
      async (command) => {
        // The figures are those of another second.
        const shape = (text: string) => text.replaceAll(/[\d.]+/g, '#').replaceAll(/ +/g, ' ');
        expect(shape(await printed(command))).toBe(shape(blocks(readme, 'text')[1]!));
      },
    'node dist/main.js status --meta-json': async (command) => {
      expect(JSON.parse(await printed(`${command} --machine any`))).toHaveProperty('chip.cpu_cores.total');
    },
    'node dist/main.js status --jsonl -i 1': watches(/^\{"t":.*"pkg_w":.*\}\n/),
    // Any command will do.
    'node dist/main.js run -o build -i 1 --capture -- make -j 8': async (command) => {
      const prefix = join(SCRATCH, 'build');
      const some = command
        .replace('-o build', `-o ${prefix} --machine any`)
        .replace('make -j 8', 'echo done');
      expect(await printed(some)).toBe('done\n');
      for (const ending of ['meta.json', 'jsonl', 'log'])
        expect(existsSync(`${prefix}.${ending}`)).toBe(true);
    },
    'node dist/main.js record -o mac.json': records,
    'node dist/main.js record -o mac.json --frames 30 --interval 1 --process-names': records,
    'node dist/main.js doctor --bundle mac.json': records,
    // Takes most of a minute: test/first_run.test.ts runs it. Here, that it is known, and wants a Mac.
    'node dist/main.js doctor --first-run': async (command) => {
      if (process.platform === 'darwin') return;
      const { code, stderr } = await run(parse(`${command} --bundle ${join(SCRATCH, 'first.json')}`).args);
      expect([code, stderr]).toEqual([2, expect.stringContaining('this is not a Mac')]);
    },
    'node dist/main.js serve --config.file metalstat.yml': (command) =>
      served(configured(command), hasNoFans),
    'node dist/main.js serve --config.check --config.file metalstat.yml': async (command) => {
      const lines = linesOf(await printed(configured(command)));
      expect(lines.find((line) => line.startsWith('collector.fan '))).toMatch(/ off +file$/);
      expect(lines.at(-1)).toBe('The configuration is right.');
    },
    'node dist/main.js machines': async (command) => {
      expect(linesOf(await printed(command))).toContain('Mac17,6__m5-max__27.0__load');
    },
    'node dist/main.js metrics --json': async (command) => {
      expect(JSON.parse(await printed(command))).toHaveLength(families.length);
    },
    'node dist/main.js completion bash': async (command) => {
      const { status, stderr } = spawnSync('bash', ['-n'], {
        input: await printed(command),
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
    'node dist/main.js doctor --machine VirtualMac2,1__vm__15.5__compile': async (command) => {
      expect(await printed(command)).toMatch(/^– smc +not on this Mac /m);
    },
    'node dist/main.js doctor --json --machine Mac17,6__m5-max__27.0__mixed': async (command) => {
      expect(JSON.parse(await printed(command))).toMatchObject({ version: 1, ok: true });
    },
    'METALSTAT_EXPORTER_MACHINE=any node dist/main.js once --format openmetrics': async (command) => {
      expect(await printed(command)).toMatch(/\n# EOF\n$/);
    },
    'sudo node dist/main.js service install --web.listen-address :13013': refusedOffAMac,
    'sudo node dist/main.js service install --node /opt/homebrew/opt/node/bin/node': refusedOffAMac,
    'node dist/main.js service install --user': refusedOffAMac,
    'node dist/main.js service status': refusedOffAMac,
    'sudo node dist/main.js service uninstall': refusedOffAMac,
    'curl http://127.0.0.1:13013/metrics': curls,
    "curl -g 'http://127.0.0.1:13013/metrics?collect[]=gpu&collect[]=energy'": curls,
    'build/Release/faults test/machines/Macmini9,1__m1__15.6__idle.json': (command) => {
      const [program, file] = wordsOf(command);
      const { stdout, stderr } = spawnSync(program!, [file!], { cwd: ROOT, encoding: 'utf8' });
      expect(`${stderr}${stdout}`).toMatch(/nothing left open\n$/);
    },
  };

  const commands = [
    ...new Set(DOCUMENTS.flatMap((file) => blocks(read(file), 'sh', 'console').flatMap(linesOf))),
  ];

  test('each of the documents is verified here, and no other', () => {
    expect([...commands].sort()).toEqual(Object.keys(VERIFIED).sort());
  });

  test.each(commands)(
    '%s',
    async (command) => {
      await VERIFIED[command]?.(command);
    },
    120_000,
  );

  test.each(DOCUMENTS)('scripts that %s names exist', (file) => {
    const named = [...read(file).matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

describe('tables and blocks', () => {
  test.each([...generated()])('%s is what is generated; else run: npm run generate', (file, text) => {
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('the README lists every option with its default, meaning and environment variable', () => {
    const rows = OPTIONS.map(({ name, value, help, default: preset, on }) => [
      `\`--${on ? '[no-]' : ''}${name}${value ? ` ${value}` : ''}\``,
      preset === undefined ? (on ? 'on' : value ? '' : 'off') : `\`${[preset].flat().join(',')}\``,
      help,
      `\`${environmentName(name)}\``,
    ]);
    const listed = readme
      .split('\n')
      .filter((line) => line.startsWith('| `--'))
      .map((line) =>
        line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim().replaceAll('\\', '')),
      );
    expect(listed).toEqual(rows);
  });

  test('the scrape configuration asks the default port', () => {
    const port = [SERVE_OPTIONS[0]!.default].flat()[0]!.split(':')[1]!;
    const targets = blocks(readme, 'yaml')[0]!.match(/'[^']+'/g)!;
    expect(targets.filter((target) => !target.endsWith(`:${port}'`))).toEqual([]);
  });

  test('the literal in CONTRIBUTING.md is in the catalogue', () => {
    const words = (text: string) => text.replaceAll(/\s+/g, ' ');
    const literal = words(blocks(read('CONTRIBUTING.md'), 'ts')[0]!).replace(/; $/, '');
    expect(words(read('src/metrics/gpu.ts'))).toContain(literal);
  });
});

describe.each(DOCUMENTS)('%s', (file) => {
  const text = read(file);

  test('has links that lead somewhere', () => {
    const slug = (heading: string) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [path, anchor] = link.split('#');
      const target = path === '' ? file : join(dirname(file), path!);
      if (!existsSync(join(ROOT, target))) return true;
      return (
        anchor !== undefined &&
        ![...read(target).matchAll(/^#+ (.*)$/gm)].some(([, h]) => slug(h!) === anchor)
      );
    });
    expect(broken).toEqual([]);
  });

  test('names files that exist', () => {
    const from = (path: string) => [path, join(dirname(file), path)];
    const paths = [...text.matchAll(/`((?:src|addon|test|dashboards|darwin|double|sources)\/[\w./-]+)`/g)];
    const missing = paths
      .map(([, path]) => path!)
      .filter((path) => !from(path).some((p) => existsSync(join(ROOT, p))));
    expect(missing).toEqual([]);
  });

  test('names metrics and variables that exist', async () => {
    const own = await new OwnMetrics(() => true).registry.getMetricsAsJSON();
    const known = new Set([
      ...[...families, ...own].map(({ name }) => name),
      ...[...OPTIONS, { name: 'format' }].map(({ name }) => environmentName(name)),
    ]);
    const named =
      text.match(/\b(?:mac_[a-z0-9]\w*|metalstat_exporter_[a-z]\w*|METALSTAT_EXPORTER_[A-Z]\w*)/g) ?? [];
    expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
  });
});

test('the program under Embedding serves the families of the Mac and its own', async () => {
  const modules = join(SCRATCH, 'node_modules');
  mkdirSync(modules);
  symlinkSync(ROOT, join(modules, 'metalstat-exporter'));
  for (const name of ['express', 'prom-client'])
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  const machine = join(ROOT, 'test', 'machines', 'Macmini9,1__m1__15.6__idle.json');
  const program = blocks(readme, 'js')[0]!
    .replace('createExporter();', `createExporter({ machine: ${JSON.stringify(machine)} });`)
    .replace(
      'listen(8080)',
      `listen(0, '127.0.0.1', function () { console.log('port', this.address().port); })`,
    );
  const running = new Process(scratch('program.mjs', program));
  const [, port] = await running.until(/^port (\d+)/);
  for (const path of ['/metrics', '/metrics/mac']) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    expect([...samples(await response.text()).keys()]).toContain('metal_alloc_bytes');
  }
  await running.stop('SIGTERM');
});
