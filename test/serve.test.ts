// The server as a process: what it listens on, what it says, and how it stops.

import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanUp, SCRATCH } from './support/command';
import { only, samples } from './support/exporter';
import { ask } from './support/http';
import { machineNames } from './support/machines';
import { freePort, Program } from './support/process';
import { serve, Serving } from './support/serving';

/** Seconds in which a process that is told to end is gone. */
const SOON = 1;

afterAll(cleanUp);

/** Runs `use` on a server that listens, and stops it. */
async function serving<T>(server: Serving, use: (server: Serving) => T | Promise<T>): Promise<T> {
  try {
    return await use(await server.listening());
  } finally {
    const { code, seconds, stderr } = await server.stop('SIGTERM');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(seconds).toBeLessThan(SOON);
  }
}

/** Collectors that come after those that a test names. */
const OTHERS = ['ane', 'bandwidth', 'thermal', 'fan', 'battery', 'app', 'os'] as const;
const collectorsOf = (page: string) =>
  [...samples(page).keys()].flatMap(
    (key) => /^metalstat_exporter_collector_supported\{collector="(\w+)"\}$/.exec(key)?.[1] ?? [],
  );

test('says first that a machine file is played, then where it listens and who can reach it', async () => {
  await serving(serve(), (server) => {
    const [first, second] = server.stdout.split('\n');
    expect(first).toMatch(/^Playing the machine file \S+: nothing of this computer is measured\.$/);
    expect(second).toMatch(
      /^Listening on http:\/\/127\.0\.0\.1:\d+\/metrics \(this computer only; .*opens it to the network\)$/,
    );
  });
});

test('answers as soon as it listens, and is ready when its sources are listed', async () => {
  await serving(serve(), async (server) => {
    expect(await server.get('/-/healthy')).toMatchObject({ status: 200, text: 'Healthy.\n' });
    const page = await server.get('/metrics');
    expect(page).toMatchObject({ status: 200 });
    expect(samples(page.text).get('memory_pressure_level')).toEqual(expect.any(Number));
    await server.ready();
    expect(await server.get('/-/ready')).toMatchObject({ status: 200, text: 'Ready.\n' });
    // A scrape that was answered before the counters were loaded is not counted.
    await server.get('/metrics');
    const { text } = await server.get('/metrics');
    expect(only(text, /^(process_|metalstat_exporter_scrapes_total$)/)).toHaveLength(4);
    expect((await server.get('/')).text).toContain('Playing the machine file');
  });
});

test('is not ready while a source is being listed, and answers with the others', async () => {
  const plan = { calls: [{ function: 'IOReportCopyChannelsInGroup', nth: 1, how: 'hang' }] } as const;
  await serving(serve([], { plan }), async (server) => {
    expect(await server.get('/-/ready')).toMatchObject({ status: 503, text: /^Not ready/ });
    const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': '2' };
    const found = samples((await server.get('/metrics', { headers })).text);
    expect(found.get('metalstat_exporter_source_timeout{source="ioreport"}')).toBe(1);
    expect(found.get('metalstat_exporter_collector_success{collector="memory"}')).toBe(1);
    server.control({ release: true });
    await server.ready();
  });
});

describe('what each app uses', () => {
  const HINT = /^The names of apps are not told to everybody: add --collector\.app /m;
  const apps = async (server: Serving) =>
    only((await (await server.ready()).get('/metrics')).text, /^mac_(app|process)_/).length;
  const listening = (address: string, ...args: string[]) =>
    new Serving(['--machine', 'any', '--web.listen-address', address, ...args]);

  test.each([
    ['127.0.0.1:0', true],
    ['[::1]:0', true],
    ['localhost:0', true],
    ['0.0.0.0:0', false],
    [':0', false],
  ])('on %s is told without being asked for: %s', async (address, told) => {
    await serving(listening(address), async (server) => {
      const port = /:(\d+)\/metrics/.exec(server.stdout)![1]!;
      const host = address.startsWith('[') ? '[::1]' : '127.0.0.1';
      const { text } = await ask(`http://${host}:${port}/metrics`);
      expect(only(text, /^mac_(app|process)_/).length > 0).toBe(told);
      expect(only(text, /^mac_ane_work_seconds_total$/)).toHaveLength(1);
      expect(HINT.test(server.stdout)).toBe(!told);
    });
  });

  test('is told on every address if it is asked for, and on none if it is switched off', async () => {
    await serving(listening('0.0.0.0:0', '--collector.app'), async (server) => {
      const { text } = await ask(`http://127.0.0.1:${/:(\d+)\/metrics/.exec(server.stdout)![1]!}/metrics`);
      expect(only(text, /^mac_app_/)).not.toEqual([]);
      expect(server.stdout).not.toMatch(HINT);
    });
    await serving(serve(['--no-collector.app']), async (server) => {
      expect(await apps(server)).toBe(0);
      expect(server.stdout).not.toMatch(HINT);
    });
  });

  test('one open address among others is enough to say nothing', async () => {
    await serving(serve(['--web.listen-address', '0.0.0.0:0']), async (server) => {
      expect(await apps(server)).toBe(0);
    });
  });

  describe('between scrapes', () => {
    const READS = ['proc_listpids', 'proc_listcoalitions', 'IORegistryEntryGetChildIterator'];
    const REST = [
      'IOReportCreateSamples',
      'host_statistics64',
      'IOConnectCallStructMethod',
      'notify_get_state',
    ];

    /** How many calls of a function there are in so many seconds. */
    async function during(server: Serving, seconds: number): Promise<(name: string) => number> {
      const before = await server.calls();
      await sleep(seconds * 1000);
      const after = await server.calls();
      return (name) => (after[name] ?? 0) - (before[name] ?? 0);
    }

    test('is not read unless that is asked for, nor is anything else', async () => {
      await serving(serve([], { plan: {} }), async (server) => {
        const grown = await during(await server.ready(), 1.5);
        expect([...READS, ...REST].map(grown)).toEqual([0, 0, 0, 0, 0, 0, 0]);
      });
    });

    test('is read if that is asked for, and nothing else is', async () => {
      await serving(serve(['--sampling.interval', '1'], { plan: {} }), async (server) => {
        const grown = await during(await server.ready(), 2.5);
        for (const name of READS) expect(grown(name)).toBeGreaterThanOrEqual(1);
        expect(REST.map(grown)).toEqual([0, 0, 0, 0]);
      });
    });

    test('is read also while something else hangs before it was ever listed', async () => {
      const plan = { calls: [{ function: 'IOReportCopyChannelsInGroup', nth: 1, how: 'hang' }] } as const;
      await serving(serve(['--sampling.interval', '1'], { plan }), async (server) => {
        const grown = await during(server, 3.5);
        for (const name of READS) expect(grown(name)).toBeGreaterThanOrEqual(1);
      });
    }, 10_000);
  });
});

describe.each(['SIGTERM', 'SIGINT'] as const)('11. %s', (signal) => {
  test('ends the server with exit code 0 in under a second', async () => {
    const server = await serve().ready();
    const { code, seconds, stdout } = await server.stop(signal);
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(SOON);
    expect(stdout).toContain(`Stopping (${signal}).\n`);
  });

  test('lets an answer in flight complete, without waiting for what hangs', async () => {
    const server = await serve([], { plan: {} }).ready();
    server.control({ plan: { calls: [{ function: 'IOReportCreateSamples', nth: 1, how: 'hang' }] } });
    const answer = server.get('/metrics', { headers: { Connection: 'keep-alive' } });
    while (((await server.calls())['IOReportCreateSamples'] ?? 0) === 0) await sleep(5);
    const { code, seconds } = await server.stop(signal);
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(SOON);
    const { status, text } = await answer;
    expect(status).toBe(200);
    expect(samples(text).get('metalstat_exporter_collector_success{collector="memory"}')).toBe(1);
    expect(samples(text).get('metalstat_exporter_collector_success{collector="energy"}')).toBe(0);
  });
});

test('11. while an answer is in flight nobody else is let in, and a second signal does not wait for it', async () => {
  const server = await serve([], { plan: {} }).ready();
  const plan = {
    calls: [{ function: 'IOReportCreateSamples', nth: 1, forever: true, how: 'hang' }],
  } as const;
  server.control({ plan });
  // Waits to be read for as long as it is let.
  const slow = connect(server.port, '127.0.0.1', () =>
    slow.write('GET /page/uplot.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(400)),
  );
  slow.on('error', () => undefined).pause();
  await sleep(300);
  server.kill('SIGTERM');
  await server.until(/^Stopping \(SIGTERM\)/m);
  await expect(server.get('/-/healthy')).rejects.toThrow();
  await sleep(700);
  const { code, seconds } = await server.stop('SIGTERM');
  expect(code).toBe(1);
  expect(seconds).toBeLessThan(SOON);
  slow.destroy();
});

test('an answer in flight is whole if its source answers in time after SIGTERM', async () => {
  const server = await serve([], { plan: {} }).ready();
  server.control({ plan: { calls: [{ function: 'IOReportCreateSamples', nth: 1, how: 'hang' }] } });
  const answer = server.get('/metrics');
  while (((await server.calls())['IOReportCreateSamples'] ?? 0) === 0) await sleep(5);
  const stopped = server.stop('SIGTERM');
  await server.until(/^Stopping/m);
  await sleep(100);
  server.control({ release: true });
  expect((await stopped).code).toBe(0);
  expect(samples((await answer).text).get('metalstat_exporter_collector_success{collector="energy"}')).toBe(
    1,
  );
});

test('connections that ask nothing do not hold the end up', async () => {
  const server = await serve().ready();
  const silent = connect(server.port, '127.0.0.1');
  const half = connect(server.port, '127.0.0.1', () => half.write('GET /metrics HTTP/1.1\r\nHost:'));
  for (const socket of [silent, half]) socket.on('error', () => undefined).resume();
  await sleep(100);
  const { code, seconds } = await server.stop('SIGTERM');
  expect(code).toBe(0);
  expect(seconds).toBeLessThan(SOON);
});

test('a signal while sources are still being listed ends it like any other', async () => {
  const plan = { calls: [{ function: 'IOReportCopyChannelsInGroup', nth: 1, how: 'hang' }] } as const;
  const server = await serve([], { plan }).listening();
  const { code, seconds } = await server.stop('SIGTERM');
  expect(code).toBe(0);
  expect(seconds).toBeLessThan(SOON);
});

describe('--web.listen-address', () => {
  const FILE = join(SCRATCH, 'exporter.sock');
  const onSocket = () => new Serving(['--machine', 'any', '--web.listen-address', `unix:${FILE}`]);

  test('may be repeated, with IPv6 and a socket file, which is gone at the end', async () => {
    const more = ['--web.listen-address', '[::1]:0', '--web.listen-address', `unix:${FILE}`];
    await serving(serve(more), async (server) => {
      const [, six] = await server.until(/^Listening on (http:\/\/\[::1\]:\d+)\/metrics/m);
      await server.until(/^Listening on unix:/m);
      expect(await ask(`${six!}/-/healthy`)).toMatchObject({ status: 200 });
      expect(await ask('http://localhost/-/healthy', { socketPath: FILE })).toMatchObject({ status: 200 });
      expect(await server.get('/-/healthy')).toMatchObject({ status: 200 });
    });
    expect(existsSync(FILE)).toBe(false);
  });

  test('takes the place of the socket file of a process that was killed, and of no other', async () => {
    const killed = await onSocket().listening();
    await killed.stop('SIGKILL');
    expect(existsSync(FILE)).toBe(true);
    await serving(onSocket(), async () => {
      const second = await onSocket().ended;
      expect(second).toMatchObject({ code: 2, stderr: /is in use by another program/ });
      expect(await ask('http://localhost/-/healthy', { socketPath: FILE })).toMatchObject({ status: 200 });
    });
  });

  test('comes from its variable too, where commas part the addresses', async () => {
    const env = { METALSTAT_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:0, [::1]:0' };
    await serving(new Serving(['--machine', 'any'], { env }), async (server) => {
      await server.until(/Listening on http:\/\/127[^]*Listening on http:\/\/\[::1\]/);
    });
  });
});

test('every option has a variable, and the command line wins', async () => {
  const env = {
    METALSTAT_EXPORTER_MACHINE: machineNames[0]!,
    METALSTAT_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:0',
    METALSTAT_EXPORTER_WEB_TELEMETRY_PATH: '/mac',
    METALSTAT_EXPORTER_WEB_DISABLE_EXPORTER_METRICS: 'yes',
    METALSTAT_EXPORTER_COLLECTOR_GPU: 'false',
    METALSTAT_EXPORTER_COLLECTOR_CPU: '0',
    METALSTAT_EXPORTER_COLLECTOR_ENERGY_DETAIL: 'true',
    METALSTAT_EXPORTER_COLLECTOR_OS: '',
  };
  await serving(new Serving(['--collector.cpu'], { env }), async (server) => {
    await server.ready();
    expect((await server.get('/metrics')).status).toBe(404);
    const { text } = await server.get('/mac');
    expect(text).toContain(`machine="${machineNames[0]!}"`);
    expect(collectorsOf(text)).toEqual(['metal', 'memory', 'cpu', 'energy', ...OTHERS]);
    expect(only(text, /^mac_energy_detail_joules_total$/).length).toBeGreaterThan(0);
    expect(only(text, /^(process_|metalstat_exporter_scrapes)/)).toEqual([]);
  });
});

describe('collectors', () => {
  test.each([
    [
      ['--no-collector.gpu', '--no-collector.energy'],
      ['metal', 'memory', 'cpu', ...OTHERS],
    ],
    [['--collector.disable-defaults', '--collector.memory'], ['memory']],
    [['--collector.disable-defaults'], []],
  ])('%j leaves %j', async (args, left) => {
    await serving(serve(args), async (server) => {
      const { text } = await server.get('/metrics');
      expect(collectorsOf(text)).toEqual(left);
      expect(only(text, /^(?!metalstat_exporter_|process_)/).length > 0).toBe(left.length > 0);
    });
  });

  test('that are off cost no call', async () => {
    const args = ['--collector.disable-defaults', '--collector.memory'];
    await serving(serve(args, { plan: {} }), async (server) => {
      await server.ready();
      await server.get('/metrics');
      expect(Object.keys(await server.calls()).filter((name) => name.startsWith('IOReport'))).toEqual([]);
    });
  });
});

test('npm start serves, off a Mac a machine file', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = { ...process.env, METALSTAT_EXPORTER_WEB_LISTEN_ADDRESS: new URL(url).host };
  const npm = new Program('npm', ['start', '--silent'], env);
  try {
    await npm.answers(`${url}/-/ready`);
    expect(npm.output).toMatch(/^Playing the machine file .*\nListening on http:/m);
    expect(samples((await ask(`${url}/metrics`)).text).get('memory_pressure_level')).toEqual(
      expect.any(Number),
    );
  } finally {
    await npm.stop();
  }
}, 30_000);
