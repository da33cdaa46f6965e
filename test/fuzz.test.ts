// 41. Whatever comes from outside, as a file, an option or a header: what is accepted has a meaning, what is not gets one
// line, and nothing else is thrown.

import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { commandOptions } from '../src/config/commands';
import { readConfigFile } from '../src/config/config_file';
import { fileOptions } from '../src/config/given';
import { OptionError } from '../src/config/settings';
import { COLLECTORS, type Collector } from '../src/metrics/metric';
import type { Pages } from '../src/metrics/page';
import { acceptsGzip } from '../src/server/answer';
import { parseAddress } from '../src/server/address';
import { chooseCollectors, negotiate, scrapeTimeout } from '../src/server/metrics_handler';
import { readWebConfig, type WebConfig } from '../src/server/web/config';
import { WebConfigError } from '../src/server/web/place';
import { loginOf } from '../src/server/web/passwords';
import { cleanUp, scratch } from './support/command';
import { mutated, refusal, RUNS, soupOf } from './support/fuzz';
import { layOut, webConfigs } from './support/web_configs';

afterAll(cleanUp);

const YAML = [
  ...[
    ': ',
    '- ',
    '\n',
    '\n  ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '&a ',
    '*a',
    '<<: ',
    '"',
    "'",
    '|',
    '>-',
    '? ',
    '#',
    '---\n',
  ],
  ...[
    '%YAML 1.1\n',
    '!!binary ',
    '!!set ',
    '!x ',
    '~',
    'true',
    '0x1f',
    '1e3',
    '2001-01-01',
    '.nan',
    '__proto__',
    '"a\\nb": 1\n',
  ],
];

describe('41. the configuration file', () => {
  const OPTIONS = fileOptions(commandOptions('serve'));
  const names = OPTIONS.map(({ name }) => name);
  const EXAMPLE = OPTIONS.map((option) =>
    stringify({ [option.name]: option.value === undefined || option.on ? true : (option.default ?? '1') }),
  ).join('');
  const texts = fc.oneof(
    soupOf(...YAML, ...names),
    mutated(fc.constant(EXAMPLE)),
    fc
      .dictionary(
        fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.string({ unit: 'binary' })),
        fc.oneof(fc.boolean(), fc.string(), fc.double(), fc.array(fc.string())),
      )
      .map((content) => stringify(content)),
  );

  test('is a mapping of options to their values, or one line that names the file', () => {
    let accepted = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const file = scratch('fuzz.yml', text);
        let values: Readonly<Record<string, unknown>> = {};
        const line = refusal(OptionError, () => (values = readConfigFile(file, OPTIONS)));
        if (line !== undefined) {
          expect(line).toContain(file);
          return;
        }
        if (Object.keys(values).length > 0) accepted++;
        for (const [name, value] of Object.entries(values)) {
          const option = OPTIONS.find((each) => each.name === name)!;
          if (option.value === undefined || option.on) expect(typeof value).toBe('boolean');
          else expect([value].flat().map((each) => typeof each)).not.toContain('object');
          expect(Array.isArray(value)).toBe(option.repeatable === true);
        }
        expect(readConfigFile(scratch('again.yml', stringify(values)), OPTIONS)).toEqual(values);
      }),
      RUNS,
    );
    expect(accepted).toBeGreaterThan(3);
  });
});

describe('41. the web configuration', () => {
  const HASH = '$2b$04$abcdefghijklmnopqrstuu5QhZ3OWjOCRrhGPMYOWLDBhXzPs6FWK';
  const KEYS = [
    ...[
      'tls_server_config',
      'http_server_config',
      'basic_auth_users',
      'rate_limit',
      'headers',
      'http2',
      'interval',
    ],
    ...[
      'burst',
      'cert_file',
      'key_file',
      'client_ca_file',
      'client_auth_type',
      'min_version',
      'cipher_suites',
    ],
    ...['server.crt', 'server.key', 'TLS12', 'X-Frame-Options', 'deny', 'alice', HASH, '1s', '5'],
  ];
  let folder = '';
  let files: readonly string[] = [];
  beforeAll(() => {
    folder = layOut();
    files = webConfigs('good', 'newer', 'bad', 'stricter').map((file) =>
      readFileSync(join(folder, file), 'utf8'),
    );
  });

  /** What it says apart from TLS, as a file. */
  const written = ({ headers, users, rateLimit }: WebConfig): string =>
    stringify({
      ...(users.size > 0 && { basic_auth_users: Object.fromEntries(users) }),
      ...(headers.size > 0 && { http_server_config: { headers: Object.fromEntries(headers) } }),
      ...(rateLimit && {
        rate_limit: { interval: `${rateLimit.interval.toFixed(6)}ms`, burst: rateLimit.burst },
      }),
    });

  test('is read as a whole, or refused in one line that names the file and no hash', () => {
    let accepted = 0;
    const texts = fc.oneof(
      soupOf(...YAML, ...KEYS),
      mutated(fc.nat().map((n) => files[n % files.length]!)),
      fc
        .record(
          {
            basic_auth_users: fc.dictionary(fc.string(), fc.constant(HASH)),
            rate_limit: fc.record({
              interval: fc.nat({ max: 1e6 }).map((n) => `${n}ms`),
              burst: fc.nat({ max: 1e6 }),
            }),
            http_server_config: fc.record({
              headers: fc.record({ 'Content-Security-Policy': fc.string() }, { requiredKeys: [] }),
            }),
          },
          { requiredKeys: [] },
        )
        .map((content) => stringify(content)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const file = join(folder, 'fuzz.yml');
        scratch('web_config/fuzz.yml', text);
        let config: WebConfig | undefined;
        const line = refusal(WebConfigError, () => (config = readWebConfig(file)));
        if (config === undefined) {
          expect(line!.startsWith(`${file}: `)).toBe(true);
          expect(line).not.toContain(HASH);
          return;
        }
        if (config.users.size + config.headers.size > 0 || config.rateLimit || config.tls) accepted++;
        expect([...config.users.values()].filter((hash) => !/^\$2[aby]\$\d\d\$.{53}$/.test(hash))).toEqual(
          [],
        );
        const again = readWebConfig(scratch('again.yml', written(config)));
        expect([again.headers, again.users]).toEqual([config.headers, config.users]);
        expect(again.rateLimit?.burst).toBe(config.rateLimit?.burst);
        if (config.rateLimit) expect(again.rateLimit!.interval).toBeCloseTo(config.rateLimit.interval, 5);
      }),
      RUNS,
    );
    expect(accepted).toBeGreaterThan(10);
  });
});

describe('41. headers', () => {
  const junk = fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[,;=]/g, ''));
  const q = fc.constantFrom('', ';q=0', ';q=0.2', ';q=0.5', '; q=0.9', ';q=1', ';Q=0.5');
  const weight = (text: string) => (text === '' ? 1 : Number(text.slice(text.indexOf('=') + 1)));

  test('Accept: any text is one of two formats', () => {
    const pieces = [
      ...[
        'application/openmetrics-text',
        'text/plain',
        'text/*',
        '*/*',
        'application/vnd.google.protobuf',
        ',',
        ', ',
      ],
      ...[
        ';',
        ';q=',
        '; q=',
        '0',
        '1',
        '.5',
        'NaN',
        '-',
        ';version=',
        '1.0.0',
        '0.0.1',
        '0.0.4',
        '=',
        '"',
        ' ',
      ],
    ];
    fc.assert(
      fc.property(fc.option(soupOf(...pieces), { nil: undefined }), (accept) => {
        expect(['text', 'openmetrics']).toContain(negotiate(accept));
      }),
      RUNS,
    );
  });

  test('Accept: OpenMetrics if its greatest weight is no less than that of text, in whatever order', () => {
    const OPEN = ['application/openmetrics-text', 'Application/OpenMetrics-Text; version=1.0.0'];
    const TEXT = ['text/plain', 'text/plain;version=0.0.4', 'text/*'];
    const range = fc.tuple(fc.oneof(fc.constantFrom(...OPEN, ...TEXT), junk), q);
    fc.assert(
      fc.property(fc.array(range, { maxLength: 6 }), fc.constantFrom(',', ', ', ' ,'), (ranges, comma) => {
        const best = (types: readonly string[]) =>
          Math.max(0, ...ranges.filter(([type]) => types.includes(type)).map(([, text]) => weight(text)));
        const expected = best(OPEN) > 0 && best(OPEN) >= best(TEXT) ? 'openmetrics' : 'text';
        const header = (all: typeof ranges) => all.map((parts) => parts.join('')).join(comma);
        expect(negotiate(header(ranges))).toBe(expected);
        expect(negotiate(header([...ranges].reverse()))).toBe(expected);
      }),
      RUNS,
    );
  });

  test('Accept-Encoding: gzip if it is named with a weight above 0', () => {
    const coding = fc.tuple(
      fc.oneof(fc.constantFrom('gzip', 'GZIP', 'br', 'identity', 'x-gzip', '*'), junk),
      q,
    );
    fc.assert(
      fc.property(fc.array(coding, { maxLength: 5 }), (codings) => {
        const header = codings.map((parts) => parts.join('')).join(', ');
        const named = codings.some(
          ([name, text]) => name.trim().toLowerCase() === 'gzip' && weight(text) > 0,
        );
        expect(acceptsGzip(header)).toBe(named);
      }),
      RUNS,
    );
    fc.assert(
      fc.property(soupOf('gzip', ';', 'q', '=', ',', ' ', '0', '1', '*'), (header) => {
        expect(typeof acceptsGzip(header)).toBe('boolean');
      }),
      RUNS,
    );
  });

  test('X-Prometheus-Scrape-Timeout-Seconds: 0.2 to 10 s, half a second below what is asked', () => {
    const of = (text: string) => scrapeTimeout({ headers: { 'x-prometheus-scrape-timeout-seconds': text } });
    fc.assert(
      fc.property(soupOf('0', '1', '9', '.', '-', '+', 'e', 'x', 'Infinity', 'NaN', ' ', ','), (text) => {
        expect(of(text)).toBeGreaterThanOrEqual(0.2);
        expect(of(text)).toBeLessThanOrEqual(10);
      }),
      RUNS,
    );
    fc.assert(
      fc.property(fc.double({ min: 0.7, max: 10.5, noNaN: true }), (seconds) => {
        expect(of(String(seconds))).toBeCloseTo(seconds - 0.5, 9);
      }),
      RUNS,
    );
  });

  test('Authorization: what was put in is what is read, up to the first colon', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.string({ unit: fc.constantFrom(':', 'a', 'ü', '\0', '\n', ' ') }),
    );
    fc.assert(
      fc.property(text, text, fc.constantFrom('Basic ', 'basic  ', 'BASIC '), (name, password, scheme) => {
        const user = name.replaceAll(':', '');
        const bytes = Buffer.from(`${user}:${password}`);
        expect(loginOf(scheme + bytes.toString('base64'))).toEqual({ user, password });
        expect(loginOf(scheme + bytes.toString('base64url'))).toEqual({ user, password });
      }),
      RUNS,
    );
  });

  test('Authorization: anything else is nobody', () => {
    const bytes = fc
      .uint8Array({ maxLength: 30 })
      .map((all) => `Basic ${Buffer.from(all).toString('base64')}`);
    fc.assert(
      fc.property(
        fc.oneof(bytes, soupOf('Basic', ' ', 'Og==', 'YTpi', '=', ':', '/', '+', '_')),
        (header) => {
          const login = loginOf(header);
          if (login === undefined) return;
          expect(login.user).not.toContain(':');
          const sent = Buffer.from(header.replace(/^basic +/i, ''), 'base64').toString();
          expect(`${login.user}:${login.password}`).toBe(sent);
        },
      ),
      RUNS,
    );
  });
});

describe('41. the query', () => {
  const on: readonly Collector[] = COLLECTORS.filter((name) => name !== 'app');
  const pages = { collectors: on } as unknown as Pages;

  test('is all collectors, some of those that are on, or one line', () => {
    const pieces = [
      ...[
        '?',
        '&',
        '=',
        'collect[]=',
        'exclude[]=',
        'collect%5B%5D=',
        '%',
        '%00',
        '%zz',
        '%ff',
        '+',
        '/metrics',
        '#',
      ],
      ...['app', ...on],
    ];
    const parameter = fc
      .tuple(fc.constantFrom('collect[]', 'exclude[]'), fc.constantFrom(...COLLECTORS))
      .map((pair) => pair.join('='));
    const query = fc.array(parameter, { maxLength: 4 }).map((all) => `/metrics?${all.join('&')}`);
    fc.assert(
      fc.property(fc.oneof(query, soupOf(...pieces)), (url) => {
        const chosen = chooseCollectors({ url }, pages);
        if (chosen === undefined) return;
        if (typeof chosen === 'string') expect(chosen).toMatch(/^(?:Use either|No collector ").*\.$/);
        else expect([...chosen].filter((name) => !on.includes(name))).toEqual([]);
      }),
      RUNS,
    );
  });

  test('has what it names, or all but that', () => {
    fc.assert(
      fc.property(fc.subarray([...on], { minLength: 1 }), fc.boolean(), (named, excluded) => {
        const key = excluded ? 'exclude[]' : 'collect[]';
        const query = new URLSearchParams([...named, ...named].map((name) => [key, name]));
        const chosen = chooseCollectors({ url: `/metrics?${query}` }, pages);
        expect(chosen).toEqual(new Set(on.filter((name) => named.includes(name) !== excluded)));
      }),
      RUNS,
    );
  });

  test('that names another collector is told its name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        if ((COLLECTORS as readonly string[]).includes(name)) return;
        const chosen = chooseCollectors({ url: `/?${new URLSearchParams({ 'collect[]': name })}` }, pages);
        expect(chosen).toContain(JSON.stringify(name));
      }),
      RUNS,
    );
  });
});

describe('41. --web.listen-address', () => {
  test('is one of four forms, or none', () => {
    const pieces = [
      '127.0.0.1',
      'host',
      ':',
      '::1',
      '[',
      ']',
      'fe80::1%en0',
      '13013',
      '65536',
      '0',
      'unix:',
      '/',
      ' ',
      '\n',
    ];
    fc.assert(
      fc.property(soupOf(...pieces), (text) => {
        const address = parseAddress(text);
        if (!address) return;
        const { host, port, path } = address;
        if (path !== undefined) {
          expect([`unix:${path}`, host, port]).toEqual([text, undefined, undefined]);
          return;
        }
        expect(port).toBeGreaterThanOrEqual(0);
        expect(port).toBeLessThanOrEqual(65_535);
        expect(host).not.toBe('');
        const shown = host?.includes(':') ? `[${host}]` : (host ?? '');
        expect(text.replace(/:0*(?=\d)/g, ':')).toBe(`${shown}:${port}`.replace(/:0*(?=\d)/g, ':'));
      }),
      RUNS,
    );
  });

  test('a host, an address and a port are what they were', () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(host, fc.integer({ min: 0, max: 65_535 }), (name, port) => {
        expect(parseAddress(name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`)).toEqual({
          host: name,
          port,
        });
      }),
      RUNS,
    );
  });
});
