// The file of --web.config.file: exporter-toolkit's format. Read as a whole or not at all.

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { HEADERS } from './names';
import { Place, WebConfigError } from './place';
import { readTls, type Tls } from './tls';

export interface WebConfig {
  readonly tls?: Tls | undefined;
  readonly headers: ReadonlyMap<string, string>;
  /** Hashes by user. Empty: nobody is asked for a password. */
  readonly users: ReadonlyMap<string, string>;
  readonly rateLimit?: RateLimit | undefined;
  /** What is right and has no effect here, in one line each. */
  readonly remarks: readonly string[];
}

export interface RateLimit {
  /** Milliseconds. */
  readonly interval: number;
  readonly burst: number;
}

/** `looked` is told every file that is looked at, also where one of them is wrong. */
export function readWebConfig(file: string, looked: (file: string) => void = () => undefined): WebConfig {
  looked(file);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new WebConfigError(`${file}: cannot be read: ${(cause as Error).message}`, { cause });
  }
  const parts = Place.parse(file, text).keys([
    'tls_server_config',
    'http_server_config',
    'basic_auth_users',
    'rate_limit',
  ]);
  const tls = parts.get('tls_server_config');
  const http = parts.get('http_server_config');
  const users = parts.get('basic_auth_users');
  const limit = parts.get('rate_limit');
  return Object.freeze({
    tls: tls && readTls(tls, dirname(file), looked),
    headers: http ? readHeaders(http) : new Map<string, string>(),
    remarks: wantsHttp2(http)
      ? [`${file}: http_server_config.http2 has no effect: HTTP/2 is not offered`]
      : [],
    users: users ? readUsers(users) : new Map<string, string>(),
    rateLimit: limit && readRateLimit(limit),
  });
}

function readHeaders(http: Place): ReadonlyMap<string, string> {
  const parts = http.keys(['http2', 'headers']);
  const headers = new Map<string, string>();
  for (const [name, place] of parts.get('headers')?.keys(Object.keys(HEADERS)) ?? []) {
    const known = HEADERS[name];
    const value = known ? place.oneOf(known) : place.text();
    // eslint-disable-next-line no-control-regex
    if (/[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]/.test(value))
      place.wrong('has a character that no header may have');
    headers.set(name, value);
  }
  return headers;
}

const wantsHttp2 = (http: Place | undefined): boolean => http?.keys().get('http2')?.flag() ?? false;

const HASH = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

function readUsers(place: Place): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const [name, user] of place.keys()) {
    const hash = user.text();
    const cost = Number(HASH.exec(hash)?.[1]);
    // What stands in place of a hash may be a password: it stays out of the message.
    if (!(cost >= 4 && cost <= 31))
      user.wrong('takes a bcrypt hash such as $2b$10$…, of 60 characters; htpasswd -nBC 10 "" makes one');
    users.set(name, hash);
  }
  return users;
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 3.6e6,
};

function readRateLimit(place: Place): RateLimit | undefined {
  const parts = place.keys(['interval', 'burst']);
  const interval = parts.get('interval');
  const text = interval?.text() ?? '0';
  const whole = /^(?:0|(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+)$/;
  if (!whole.test(text)) interval!.wrong(`takes a duration such as 1s or 100ms, not ${JSON.stringify(text)}`);
  const milliseconds = [...text.matchAll(/([\d.]+)([a-zµ]+)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * UNITS[unit!]!,
    0,
  );
  const burst = parts.get('burst')?.text() ?? '1';
  if (!/^\d{1,9}$/.test(burst))
    parts.get('burst')!.wrong(`takes a whole number, 0 or more, not ${JSON.stringify(burst)}`);
  return milliseconds > 0 ? { interval: milliseconds, burst: Number(burst) } : undefined;
}
