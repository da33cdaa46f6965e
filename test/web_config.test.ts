// The web configuration: TLS, passwords, headers, rate limit, and what happens when the file changes. By the numbers of the
// test list: 16 to 24.

import { hashSync } from 'bcryptjs';
import { randomBytes, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { Bucket } from '../src/server/web/bucket';
import { readWebConfig } from '../src/server/web/config';
import { loginOf, Passwords } from '../src/server/web/passwords';
import { isAllowed } from '../src/server/web/tls';
import { cleanUp, run, scratch, SCRATCH } from './support/command';
import { ask } from './support/http';
import { serve, type Serving } from './support/serving';
import { certificate, curl, handshake, requesting, type Certificate } from './support/tls';
import { layOut, webConfigs } from './support/web_configs';

afterAll(cleanUp);

let server: Certificate;
let ca: Certificate;
let corpus = '';
beforeAll(() => {
  server = certificate('server');
  ca = certificate('authority');
  corpus = layOut();
});

const tls = (...lines: readonly string[]): string =>
  ['tls_server_config:', `cert_file: ${server.cert}`, `key_file: ${server.key}`, ...lines].join('\n  ') +
  '\n';
const users = (all: Readonly<Record<string, string>>): string =>
  `basic_auth_users:\n${Object.entries(all)
    .map(([user, hash]) => `  ${user}: ${hash}\n`)
    .join('')}`;
const basic = (text: string | Buffer) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });

/** Another client than those of 127.0.0.1, on every system. */
const SOCKET = join(SCRATCH, 'web.sock');
const BY_SOCKET = ['--web.listen-address', `unix:${SOCKET}`];

let files = 0;
const written = (text: string): string => scratch(`web-${++files}.yml`, text);

/** Serves with a web configuration, ready, and gives what it said on standard error. */
async function serving(
  file: string,
  use: (server: Serving) => Promise<void>,
  ...args: readonly string[]
): Promise<string> {
  const running = await serve(['--web.config.file', file, ...args]).listening();
  try {
    await use(running);
  } finally {
    await running.stop('SIGTERM');
  }
  const { code, stderr } = await running.ended;
  expect(code).toBe(0);
  return stderr;
}

const PROTOCOL = /^ *(?:Protocol *: |New, )(TLSv1\.\d)/m;
const spoken = (port: number, ...args: readonly string[]): string | undefined => {
  const text = handshake(port, ...args);
  return text.includes('Cipher is (NONE)') ? undefined : PROTOCOL.exec(text)?.[1];
};

describe('16. TLS', () => {
  test('1.2 and 1.3 are spoken, 1.0 and 1.1 refused, and the start line says https', async () => {
    const stderr = await serving(written(tls()), ({ port, url, stdout }) => {
      expect(stdout).toMatch(/^Listening on https:\/\/127\.0\.0\.1:\d+\/metrics /m);
      const versions = ['-tls1', '-tls1_1', '-tls1_2', '-tls1_3'].map((version) =>
        spoken(port, version, '-cipher', 'ALL:@SECLEVEL=0'),
      );
      expect(versions).toEqual([undefined, undefined, 'TLSv1.2', 'TLSv1.3']);
      const page = curl(`${url}/metrics`);
      expect([page.status, page.text.includes('\nmac_')]).toEqual([200, true]);
      return Promise.resolve();
    });
    expect(stderr).toBe('');
  });

  test('min_version and max_version bound it', async () => {
    await serving(written(tls('min_version: TLS13')), ({ port }) => {
      expect([spoken(port, '-tls1_2'), spoken(port, '-tls1_3')]).toEqual([undefined, 'TLSv1.3']);
      return Promise.resolve();
    });
    await serving(written(tls('max_version: TLS12')), ({ port }) => {
      expect([spoken(port, '-tls1_2'), spoken(port, '-tls1_3')]).toEqual(['TLSv1.2', undefined]);
      return Promise.resolve();
    });
  });

  test('only the suites and curves of the file, and those of TLS 1.3', async () => {
    const text = tls(
      'cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]',
      'curve_preferences: [CurveP384]',
    );
    await serving(written(text), ({ port }) => {
      const suite = (name: string) => spoken(port, '-tls1_2', '-cipher', `${name}:@SECLEVEL=0`);
      expect(suite('ECDHE-ECDSA-AES256-GCM-SHA384')).toBe('TLSv1.2');
      expect(suite('ECDHE-ECDSA-AES128-GCM-SHA256')).toBeUndefined();
      expect(suite('ECDHE-ECDSA-AES128-SHA')).toBeUndefined();
      expect(spoken(port, '-tls1_3', '-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256')).toBe('TLSv1.3');
      expect(spoken(port, '-tls1_3', '-curves', 'P-384')).toBe('TLSv1.3');
      expect(spoken(port, '-tls1_3', '-curves', 'P-256')).toBeUndefined();
      return Promise.resolve();
    });
  });

  test('a client that never shakes hands does not keep it from stopping', async () => {
    await serving(written(tls()), async ({ port }) => {
      const { connect } = await import('node:net');
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      await new Promise((resolve) => socket.once('connect', resolve));
    });
  });
});

describe('17. client certificates', () => {
  const offered = () => {
    const other = certificate('other-authority');
    return {
      none: undefined,
      right: certificate('client', { ca, san: 'DNS:client' }),
      'wrong CA': certificate('client', { ca: other, san: 'DNS:client' }),
      expired: certificate('client', { ca, san: 'DNS:client', expired: true }),
      'wrong SAN': certificate('client', { ca, san: 'DNS:stranger' }),
      'a SAN that quotes': certificate('client', { ca, san: 'URI:http://x/DNS:client' }),
    };
  };
  const with_ = (certificates: ReturnType<typeof offered>, url: string) =>
    Object.entries(certificates).flatMap(([name, one]) =>
      curl(`${url}/-/healthy`, ...(one ? ['--cert', one.cert, '--key', one.key] : [])).status === 200
        ? [name]
        : [],
    );

  test.each([
    ['NoClientCert', false, ['none', 'right', 'wrong CA', 'expired', 'wrong SAN', 'a SAN that quotes']],
    ['RequestClientCert', true, ['none', 'right', 'wrong CA', 'expired']],
    ['RequireAnyClientCert', true, ['right', 'wrong CA', 'expired']],
    ['VerifyClientCertIfGiven', true, ['none', 'right']],
    ['RequireAndVerifyClientCert', true, ['right']],
  ])('%s lets in by certificate and name', async (type, named, allowed) => {
    const lines = named ? [`client_ca_file: ${ca.cert}`, 'client_allowed_sans: [client]'] : [];
    await serving(written(tls(`client_auth_type: ${type}`, ...lines)), ({ url }) => {
      expect(with_(offered(), url)).toEqual(allowed);
      return Promise.resolve();
    });
  });

  describe.each(['-tls1_2', '-tls1_3'])('a session that is taken up again (%s)', (version) => {
    const LATE = 1_200;
    let sessions = 0;
    /** Whether the page came, and whether the session was an old one. */
    const using = (port: number, client: Certificate, ...args: readonly string[]) => {
      const text = requesting(port, version, '-cert', client.cert, '-key', client.key, ...args);
      return [text.includes('HTTP/1.1 200 '), /^Reused, TLS/m.test(text)];
    };

    test.each(['the authority', 'the names', 'the type'])('is checked anew once %s changed', async (what) => {
      const client = certificate('client', { ca, san: 'DNS:client' });
      const rules = (type: string, by: Certificate, san: string) =>
        tls(`client_auth_type: ${type}`, `client_ca_file: ${by.cert}`, `client_allowed_sans: [${san}]`);
      const any = what === 'the type' ? certificate('other-authority') : ca;
      const file = written(
        what === 'the type'
          ? rules('RequireAnyClientCert', any, 'client')
          : rules('RequireAndVerifyClientCert', ca, 'client'),
      );
      await serving(file, async ({ port }) => {
        const session = join(SCRATCH, `session-${++sessions}`);
        expect(using(port, client, '-sess_out', session)).toEqual([true, false]);
        expect(using(port, client, '-sess_in', session)).toEqual([true, true]);

        const other = certificate('other-authority');
        writeFileSync(
          file,
          what === 'the names'
            ? rules('RequireAndVerifyClientCert', ca, 'stranger')
            : rules('RequireAndVerifyClientCert', other, 'client'),
        );
        await sleep(LATE);
        expect(using(port, client, '-sess_in', session)).toEqual([false, false]);
        // Nor by its session alone, without the certificate.
        expect(requesting(port, version, '-sess_in', session)).not.toContain('HTTP/1.1 200 ');
      });
    });
  });

  test.each([
    ['RequireAnyClientCert', true],
    ['VerifyClientCertIfGiven', false],
    ['RequireAndVerifyClientCert', false],
  ] as const)('%s lets in by a session whose certificate expired meanwhile: %s', (clientAuth, allowed) => {
    const { cert } = certificate('client', { ca, san: 'DNS:client', expired: true });
    const socket = {
      authorized: true,
      getPeerX509Certificate: () => new X509Certificate(readFileSync(cert)),
    };
    const rules = { context: {}, clientAuth, allowedSans: new Set<string>() };
    expect(isAllowed(rules, socket as unknown as TLSSocket)).toBe(allowed);
  });

  test('without a CA nobody is verified', async () => {
    await serving(written(tls('client_auth_type: RequireAndVerifyClientCert')), ({ url }) => {
      expect(with_(offered(), url)).toEqual([]);
      return Promise.resolve();
    });
  });
});

describe('18. when the files change', () => {
  const LATE = 1_200;
  const gauge = (text: string) => /^metalstat_exporter_config_last_reload_successful (\d)$/m.exec(text)?.[1];

  test('the next connection has the new certificate and the new users; a broken file keeps the old ones', async () => {
    const secret = hashSync('secret', 4);
    const file = written(tls() + users({ alice: secret }));
    const stderr = await serving(file, async (running) => {
      await running.until(/^Listening/m);
      const { port, url } = running;
      const subject = () => /subject=.*/.exec(handshake(port))?.[0];
      const status = (user: string) => curl(`${url}/metrics`, '-u', `${user}:secret`).status;
      const reload = () => gauge(curl(`${url}/metrics`, '-u', 'bob:secret').text);
      expect([subject(), status('alice'), status('bob')]).toEqual(['subject=CN = server', 200, 401]);

      const next = certificate('renewed');
      writeFileSync(server.cert, readFileSync(next.cert));
      writeFileSync(server.key, readFileSync(next.key));
      writeFileSync(file, tls() + users({ bob: secret }));
      await sleep(LATE);
      expect([subject(), status('alice'), status('bob')]).toEqual(['subject=CN = renewed', 401, 200]);
      expect(reload()).toBe('1');

      writeFileSync(file, tls('min_versoin: TLS12') + users({ alice: secret }));
      await sleep(LATE);
      expect([subject(), status('alice'), status('bob')]).toEqual(['subject=CN = renewed', 401, 200]);
      expect(reload()).toBe('0');
      await sleep(LATE);
      expect(reload()).toBe('0');

      writeFileSync(file, tls());
      await sleep(LATE);
      expect([curl(`${url}/metrics`).status, reload()]).toEqual([401, '0']);

      writeFileSync(file, tls() + users({ alice: secret, bob: secret }));
      await sleep(LATE);
      expect([status('alice'), reload()]).toEqual([200, '1']);
    });
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(
        /^metalstat-exporter: \S+: tls_server_config\.min_versoin: .*min_version.*old configuration stays/,
      ),
      expect.stringMatching(/basic_auth_users: passwords are switched off by a restart only/),
    ]);
  }, 30_000);
});

describe('19. files', () => {
  const refusal = (file: string): string => {
    try {
      readWebConfig(join(corpus, file));
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each(webConfigs('good', 'newer'))('%s is accepted', (file) => {
    expect(refusal(file)).toBe('');
  });

  test.each(webConfigs('bad', 'stricter', 'newer_bad'))('%s is refused in one line', (file) => {
    const message = refusal(file);
    expect(message).not.toContain('\n');
    expect(message.startsWith(`${join(corpus, file)}: `)).toBe(true);
    // Neither hashes nor keys.
    expect(message).not.toMatch(/[\w./]{53}$|PRIVATE KEY-----\n/);
  });

  test.each([
    ['junk_key.bad.yml', 'tls_server_config.cert_filse: no such key; the nearest is cert_file '],
    ['top_key.bad.yml', 'tls_server_confg: no such key; the nearest is tls_server_config '],
    ['curves_invented.bad.yml', 'tls_server_config.curve_preferences[0]: takes CurveP256'],
    ['version.bad.yml', 'tls_server_config.min_version: takes TLS13'],
    ['old_version.stricter.yml', 'tls_server_config.min_version: TLS 1.0 and 1.1 are broken'],
    ['user_no_hash.bad.yml', 'basic_auth_users.john: takes a bcrypt hash'],
    ['header_frame_options.bad.yml', 'http_server_config.headers.X-Frame-Options: takes deny, sameorigin'],
    ['cert_path_wrong.bad.yml', 'tls_server_config.cert_file: cannot be read: ENOENT'],
    ['key_path_empty.bad.yml', 'tls_server_config.key_file: there must be a key_file or a key'],
    ['rate_limit_interval.newer_bad.yml', 'rate_limit.interval: takes a duration'],
  ])('%s names the key: %s', (file, part) => {
    expect(refusal(file)).toContain(part);
  });

  test('a broken one ends the start with one line', async () => {
    const { code, stdout, stderr } = await run([
      'serve',
      '--machine',
      'any',
      '--web.config.file',
      join(corpus, 'junk_key.bad.yml'),
    ]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^metalstat-exporter: .*tls_server_config\.cert_filse.*\n$/);
  });

  test('http2: true is accepted, and said to have no effect', async () => {
    const stderr = await serving(written('http_server_config: { http2: true }\n'), async (running) => {
      expect((await running.get('/-/healthy')).status).toBe(200);
    });
    expect(stderr).toMatch(
      /^metalstat-exporter: \S+: http_server_config\.http2 has no effect: HTTP\/2 .*\n$/,
    );
    expect(await serving(written('http_server_config: { http2: false }\n'), () => Promise.resolve())).toBe(
      '',
    );
  });

  test('headers are sent with every answer', async () => {
    await serving(join(corpus, 'headers.good.yml'), async (running) => {
      for (const path of ['/metrics', '/-/healthy', '/nothing'])
        expect((await running.get(path)).headers).toMatchObject({
          'x-frame-options': 'deny',
          'x-xss-protection': '1',
          'strict-transport-security': 'max-age=31536000; includeSubDomains',
        });
    });
  });
});

describe('20. logins', () => {
  const LONG = 'x'.repeat(72);

  test('right ones get the page, all others the same 401', async () => {
    const file = written(
      users({ alice: hashSync('secret', 4), ümlaut: hashSync('pä:ß', 4), long: hashSync(LONG, 4) }),
    );
    await serving(file, async (running) => {
      const answer = async (headers: Record<string, string>) => {
        const { status, text, headers: sent } = await running.get('/metrics', { headers });
        return status === 401 ? `401 ${sent['www-authenticate']} ${text}` : status;
      };
      const REFUSED = '401 Basic Unauthorized\n';
      for (const right of ['alice:secret', 'ümlaut:pä:ß', `long:${LONG}`])
        expect(await answer(basic(right))).toBe(200);
      for (const wrong of [
        ...['alice:wrong', 'alice:', 'nobody:secret', ':', '', 'alice', 'alice:secret ', 'Alice:secret'],
        ...[
          `alice:${'x'.repeat(10_000)}`,
          `long:${LONG.slice(1)}`,
          '__proto__:x',
          Buffer.from([0xff, 0x3a, 0xfe]),
        ],
      ])
        expect(await answer(basic(wrong))).toBe(REFUSED);
      for (const header of ['Basic', 'Basic !!!', 'Bearer x', 'Basic '])
        expect(await answer({ Authorization: header })).toBe(REFUSED);
      expect(await answer({})).toBe(REFUSED);
      // All of bcrypt's: what comes after 72 bytes is not looked at.
      expect(await answer(basic(`long:${LONG}more`))).toBe(200);
      // With passwords the names of apps are told.
      expect((await running.get('/metrics', { headers: basic('alice:secret') })).text).toContain('mac_app_');
    });
  });

  test('$2a$, $2b$ and $2y$ are the same', async () => {
    const rest = hashSync('secret', 4).slice(3);
    await serving(written(users({ a: `$2a${rest}`, b: `$2b${rest}`, y: `$2y${rest}` })), async (running) => {
      for (const user of ['a', 'b', 'y'])
        expect((await running.get('/-/ready', { headers: basic(`${user}:secret`) })).status).not.toBe(401);
    });
  });

  test('13. on an open address, a warning without passwords and none with them', async () => {
    const said = async (file: string) => {
      const running = await serve([
        '--web.listen-address',
        '0.0.0.0:0',
        '--web.config.file',
        file,
      ]).listening();
      await sleep(300);
      return (await running.stop('SIGTERM')).stdout;
    };
    expect(await said(written(''))).toMatch(/^Everybody on the network can read this: --web\.config\.file/m);
    expect(await said(written(users({ alice: hashSync('secret', 4) })))).not.toMatch(
      /Everybody|names of apps/,
    );
  });
});

test('21. an unknown user and a wrong password take the same time, whatever the cost of the hash', async () => {
  const file = written(users({ four: hashSync('a', 4), ten: hashSync('b', 10), twelve: hashSync('c', 12) }));
  await serving(file, async (running) => {
    const times = new Map<string, number>();
    for (let round = 0; round < 3; round++)
      for (const user of ['four', 'ten', 'twelve', 'nobody']) {
        const start = performance.now();
        expect((await running.get('/metrics', { headers: basic(`${user}:wrong`) })).status).toBe(401);
        times.set(user, Math.min(times.get(user) ?? Infinity, performance.now() - start));
      }
    const all = [...times.values()];
    // A difference of one in the cost would be a factor of two.
    expect(Math.max(...all) / Math.min(...all)).toBeLessThan(1.7);
  });
}, 30_000);

describe('22. what is remembered', () => {
  const hash = hashSync('secret', 4);
  const counting = () => {
    let compared = 0;
    const passwords = new Passwords((password, of) => {
      compared++;
      return Promise.resolve(of === hash && password.startsWith('secret'));
    });
    return { passwords, compared: () => compared };
  };

  test('a right login is compared once, a wrong one each time', async () => {
    const { passwords, compared } = counting();
    const all = new Map([['alice', hash]]);
    const check = (password: string) => passwords.check(all, { user: 'alice', password }, 'a');
    expect([await check('secret'), await check('secret'), compared()]).toEqual(['right', 'right', 1]);
    expect([await check('no'), await check('no'), compared()]).toEqual(['wrong', 'wrong', 3]);
  });

  test('no other user, hash or password is let in by it (CVE-2022-46146)', async () => {
    const { passwords, compared } = counting();
    await passwords.check(new Map([['alice', hash]]), { user: 'alice', password: 'secret' }, 'a');
    const others = new Map([['alice', hashSync('other', 4)]]);
    expect(await passwords.check(others, { user: 'alice', password: 'secret' }, 'a')).toBe('wrong');
    const crafted = { user: 'ali', password: `ce\0${hash}\0secret` };
    expect(await passwords.check(new Map([['alice', hash]]), crafted, 'a')).toBe('wrong');
    expect(compared()).toBe(3);
  });

  test('is bounded, and has no password in it', async () => {
    const { passwords } = counting();
    const all = new Map([['alice', hash]]);
    for (let i = 0; i < 600; i++)
      expect(await passwords.check(all, { user: 'alice', password: `secret${i}` }, 'a')).toBe('right');
    expect(passwords.remembered).toHaveLength(256);
    expect(passwords.remembered.filter((key) => !/^[0-9a-f]{64}$/.test(key))).toEqual([]);
    expect(passwords.remembered.join()).not.toContain(Buffer.from('secret').toString('hex'));
  });

  test('no password is left in the memory of the server', async () => {
    const password = randomBytes(16).toString('hex');
    const file = written(users({ alice: hashSync(password, 4) }));
    const node = ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${SCRATCH}`];
    const running = await serve(['--web.config.file', file], { node }).listening();
    try {
      expect((await running.get('/-/healthy', { headers: basic(`alice:${password}`) })).status).toBe(200);
      // What the parsers of requests still hold is replaced.
      for (let i = 0; i < 5; i++) await running.get('/-/healthy', { headers: basic('nobody:nothing') });
      running.kill('SIGUSR2');
      const heap = await heapSnapshot();
      expect(heap).toContain('tls_server_config');
      expect(heap).not.toContain(password);
      expect(heap).not.toContain(Buffer.from(password).toString('hex'));
    } finally {
      await running.stop('SIGTERM');
    }
  }, 30_000);

  /** Once it is written to its end. */
  async function heapSnapshot(): Promise<string> {
    for (;;) {
      await sleep(200);
      const name = readdirSync(SCRATCH).find((file) => file.endsWith('.heapsnapshot'));
      const text = name === undefined ? '' : readFileSync(join(SCRATCH, name), 'utf8');
      if (text.trimEnd().endsWith(']}')) return text;
    }
  }

  test('300 logins at once are one comparison, and all get the page', async () => {
    await serving(written(users({ alice: hashSync('secret', 10) })), async (running) => {
      const statuses = await Promise.all(
        Array.from(
          { length: 300 },
          async () => (await running.get('/-/healthy', { headers: basic('alice:secret') })).status,
        ),
      );
      expect([...new Set(statuses)]).toEqual([200]);
    });
  });
});

describe('23. floods', () => {
  test('500 wrong logins a second do not delay a right one by a second', async () => {
    await serving(
      written(users({ alice: hashSync('secret', 10), bob: hashSync('secret', 10) })),
      async (running) => {
        const right = { headers: basic('alice:secret') };
        expect((await running.get('/metrics', right)).status).toBe(200);
        const agent = new Agent({ keepAlive: true, maxSockets: 100 });
        const seen = new Map<number, number>();
        let sent = 0;
        const flood = setInterval(() => {
          for (let i = 0; i < 10; i++)
            request(
              `${running.url}/metrics`,
              { agent, headers: basic(`alice:wrong${sent++}`) },
              (response) => {
                seen.set(response.statusCode!, (seen.get(response.statusCode!) ?? 0) + 1);
                response.resume();
              },
            )
              .on('error', () => undefined)
              .end();
        }, 20);
        try {
          await sleep(500);
          const times: number[] = [];
          for (let i = 0; i < 8; i++) {
            const start = performance.now();
            expect((await running.get('/metrics', right)).status).toBe(200);
            times.push(performance.now() - start);
            await sleep(100);
          }
          expect(Math.max(...times)).toBeLessThan(1_000);
          // One who has not logged in yet, from another address.
          const start = performance.now();
          const first = { headers: basic('bob:secret'), socketPath: SOCKET };
          expect((await ask(`${running.url}/-/healthy`, first)).status).toBe(200);
          expect(performance.now() - start).toBeLessThan(1_500);
        } finally {
          clearInterval(flood);
          agent.destroy();
        }
        expect(sent).toBeGreaterThan(300);
        expect([...seen.keys()].sort()).toEqual([401, 429]);
        expect(seen.get(429)!).toBeGreaterThan(seen.get(401)!);
      },
      ...BY_SOCKET,
    );
  }, 30_000);

  test('guesses at one user do not keep another out who comes from the same address', async () => {
    const answers: ((equal: boolean) => void)[] = [];
    const passwords = new Passwords(() => new Promise((resolve) => answers.push(resolve)));
    const all = new Map(['alice', 'bob'].map((user) => [user, hashSync('secret', 4)]));
    const check = (user: string, password: string) => passwords.check(all, { user, password }, 'a');
    const first = check('alice', 'guess');
    expect(await Promise.all(['alice', 'alice'].map((user, i) => check(user, `${i}`)))).toEqual([
      'busy',
      'busy',
    ]);
    const bob = check('bob', 'secret');
    expect(await check('carol', 'third of this address')).toBe('busy');
    for (const answer of answers) answer(true);
    expect(await Promise.all([first, bob])).toEqual(['right', 'right']);
    // There is room again.
    const again = check('alice', 'again');
    answers.at(-1)!(false);
    expect(await again).toBe('wrong');
  });
});

describe('24. the rate limit', () => {
  test('is one for all, asked before passwords, and /-/healthy is not counted', async () => {
    const file = written(
      `rate_limit:\n  interval: 1h\n  burst: 3\n${users({ alice: hashSync('secret', 4) })}`,
    );
    await serving(file, async (running) => {
      const answers = [];
      for (let i = 0; i < 5; i++)
        answers.push(await running.get('/metrics', { headers: basic('alice:secret') }));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
      expect(answers[4]!.headers['retry-after']).toBe('1');
      expect((await running.get('/metrics')).status).toBe(429);
      for (let i = 0; i < 5; i++)
        expect((await running.get('/-/healthy', { headers: basic('alice:secret') })).status).toBe(200);
      expect((await ask(`${running.url}/-/healthy`)).status).toBe(401);
    });
  });

  test('a client that floods leaves another its part, and /-/healthy to all', async () => {
    await serving(
      written('rate_limit:\n  interval: 250ms\n  burst: 4\n'),
      async (running) => {
        const flood = new Map<number, number>();
        let flooding = true;
        const flooder = async () => {
          while (flooding) {
            const { status } = await running.get('/-/ready');
            flood.set(status, (flood.get(status) ?? 0) + 1);
          }
        };
        const flooders = [flooder(), flooder()];
        const other = async (path: string) => (await ask(running.url + path, { socketPath: SOCKET })).status;
        await sleep(300);
        await other('/-/ready');
        const seen: number[] = [];
        // Once more than what its part was at first would allow.
        for (let i = 0; i < 4; i++) {
          await sleep(500);
          seen.push(await other('/-/ready'), (await running.get('/-/healthy')).status);
        }
        flooding = false;
        await Promise.all(flooders);
        expect(seen).toEqual([200, 200, 200, 200, 200, 200, 200, 200]);
        expect(flood.get(429)!).toBeGreaterThan(flood.get(200)!);
      },
      ...BY_SOCKET,
    );
  });

  describe('of a bucket', () => {
    let now = 0;
    const bucketOf = (interval: number, burst: number) => {
      now = 0;
      return new Bucket({ interval, burst }, () => now);
    };
    const taken = (bucket: Bucket, address: string, n: number) =>
      Array.from({ length: n }, () => bucket.take(address)).filter(Boolean).length;

    test('one more each interval, and no more than the burst', () => {
      const bucket = bucketOf(100, 2);
      expect(taken(bucket, 'a', 3)).toBe(2);
      now = 100;
      expect(taken(bucket, 'a', 2)).toBe(1);
      now = 10_000;
      expect(taken(bucket, 'a', 3)).toBe(2);
      now = 1e9;
      expect(taken(bucket, 'a', 3)).toBe(2);
    });

    test('all of it is for one client where there is no other, and for all together no more than that', () => {
      const bucket = bucketOf(100, 10);
      let all = 0;
      for (now = 0; now < 100_000; now += 10) all += taken(bucket, 'a', 3);
      expect(all).toBe(10 + 999);
      for (; now < 200_000; now += 10) for (const one of ['a', 'b', 'c', 'd']) all += taken(bucket, one, 1);
      expect(all).toBeLessThanOrEqual(10 + 2_000);
    });

    test.each([
      [1, 2],
      [1, 10],
      [5, 10],
    ])('%d that flood a burst of %d do not starve one that comes now and then', (flooders, burst) => {
      const bucket = bucketOf(100, burst);
      const rest: boolean[] = [];
      const all = new Map<number, number>();
      for (now = 0; now < 400_000; now += 10) {
        for (let i = 0; i < flooders; i++) all.set(i, (all.get(i) ?? 0) + taken(bucket, `flooder ${i}`, 3));
        if (now % 15_000 === 0 && now > 0) rest.push(bucket.take('scraper'));
      }
      // Nobody knew of it the first time.
      expect(rest.slice(1)).toEqual(rest.slice(1).map(() => true));
      // What it does not need is not lost, and the flooders share it.
      const sum = [...all.values()].reduce((a, b) => a + b);
      expect(sum + rest.length).toBeGreaterThan(3_900);
      for (const one of all.values()) expect(one).toBeGreaterThan(sum / flooders / 2);
    });

    test('two that stay below it together are both served, however unequal they are', () => {
      const bucket = bucketOf(1_000, 5);
      const served: boolean[] = [];
      for (now = 0; now < 600_000; now += 100) {
        if (now % 1_200 === 0) served.push(bucket.take('much'));
        if (now % 15_000 === 0) served.push(bucket.take('little'));
      }
      expect(served).not.toContain(false);
    });

    test('who has not come for ten minutes has no part, and no more than 256 have', () => {
      const bucket = bucketOf(100, 10);
      for (let i = 0; i < 1_000; i++) bucket.take(`address ${i}`);
      expect(bucket.clients).toBe(256);
      now = 600_000;
      expect(taken(bucket, 'a', 20)).toBe(10);
      expect(bucket.clients).toBe(1);
    });

    test('a burst of 0 lets nothing through', () => {
      const bucket = bucketOf(100, 0);
      now = 10_000;
      expect([taken(bucket, 'a', 3), taken(bucket, 'b', 3)]).toEqual([0, 0]);
    });
  });

  test.each([
    ['interval: 1s\n  burst: 5', { interval: 1_000, burst: 5 }],
    ['interval: 1m30s', { interval: 90_000, burst: 1 }],
    ['interval: 1.5ms\n  burst: 0', { interval: 1.5, burst: 0 }],
    ['burst: 7', undefined],
  ])('%j is read as %j', (text, limit) => {
    expect(readWebConfig(written(`rate_limit:\n  ${text}\n`)).rateLimit).toEqual(limit);
  });
});

test('20. a login is read as bytes of UTF-8, up to the first colon', () => {
  expect(loginOf(basic('a:b:c').Authorization)).toEqual({ user: 'a', password: 'b:c' });
  expect(loginOf('basic YTpi')).toEqual({ user: 'a', password: 'b' });
  expect(loginOf(basic('no colon').Authorization)).toBeUndefined();
});
