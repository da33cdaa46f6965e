// Certificates made by openssl, and clients that speak TLS: curl and openssl.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { scratch, SCRATCH } from './command';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

let made = 0;

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
}

export interface CertificateOptions {
  /** Signs itself without one. */
  readonly ca?: Certificate;
  readonly san?: string;
  /** Was valid until yesterday. */
  readonly expired?: boolean;
}

/** A certificate for `name`, in files. */
export function certificate(
  name: string,
  { ca, san = `DNS:${name},IP:127.0.0.1`, expired = false }: CertificateOptions = {},
): Certificate {
  const base = join(SCRATCH, `${++made}`);
  const cert = `${base}.crt`;
  const key = `${base}.key`;
  const request = `${base}.csr`;
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${san}`];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key];
  if (!ca) {
    openssl('req', '-x509', ...newKey, '-out', cert, '-days', '2', ...subject);
    return { cert, key };
  }
  openssl('req', ...newKey, '-out', request, ...subject);
  const days = expired ? '-1' : '2';
  const signing = ['-CA', ca.cert, '-CAkey', ca.key, '-CAcreateserial', '-days', days];
  const extensions = scratch(`${made}.ext`, `subjectAltName=${san}\n`);
  openssl('x509', '-req', '-in', request, '-out', cert, '-extfile', extensions, ...signing);
  return { cert, key };
}

/** The status of a request, 0 where none came, and what else curl printed. */
export function curl(
  url: string,
  ...args: readonly string[]
): { readonly status: number; readonly text: string } {
  const fixed = ['-s', '-k', '-m', '10', '-w', '\n%{http_code}', ...args, url];
  const { stdout } = spawnSync('curl', fixed, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const end = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(end + 1)), text: stdout.slice(0, end) };
}

/** What `openssl s_client` says of a handshake. */
export const handshake = (port: number, ...args: readonly string[]): string => sClient(port, '', args);

/** The same, and the answer to a request after it. */
export const requesting = (port: number, ...args: readonly string[]): string =>
  sClient(port, 'GET /-/healthy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', [...args, '-ign_eof']);

function sClient(port: number, input: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...args], {
    input,
    encoding: 'utf8',
    timeout: 10_000,
  });
  return stdout + stderr;
}
