// tls_server_config: what a secure context is made of, and which client certificates are let in.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { ALWAYS, CIPHERS, CLIENT_AUTH, CURVES, VERSIONS, type ClientAuth } from './names';
import { firstLine, type Place } from './place';

export interface Tls {
  readonly context: SecureContextOptions;
  readonly clientAuth: ClientAuth;
  /** Empty: every name will do. */
  readonly allowedSans: ReadonlySet<string>;
}

const KEYS = [
  'cert_file',
  'cert',
  'key_file',
  'key',
  'client_ca_file',
  'client_ca',
  'client_auth_type',
  'client_allowed_sans',
  'min_version',
  'max_version',
  'cipher_suites',
  'curve_preferences',
  'prefer_server_cipher_suites',
];

/** Undefined where nothing asks for TLS, as an empty section does not. */
export function readTls(place: Place, folder: string, looked: (file: string) => void): Tls | undefined {
  const parts = place.keys(KEYS);
  const pem = (name: string): string | undefined => {
    const file = parts.get(`${name}_file`);
    const path = file?.text();
    if (!path) {
      const inline = parts.get(name)?.text();
      return inline === '' ? undefined : inline;
    }
    const absolute = resolve(folder, path);
    looked(absolute);
    try {
      return readFileSync(absolute, 'utf8');
    } catch (error) {
      return file!.wrong(`cannot be read: ${(error as Error).message}`);
    }
  };
  const at = (name: string): Place => parts.get(`${name}_file`) ?? parts.get(name) ?? place;
  const enabled = KEYS.slice(0, 7).some((name) => parts.get(name)?.text());
  const versions = versionsOf(parts);
  const ciphers = ciphersOf(parts);
  const curves = (parts.get('curve_preferences')?.list() ?? []).map(
    (curve) => CURVES[curve.oneOf(Object.keys(CURVES))]!,
  );
  const ordered = parts.get('prefer_server_cipher_suites')?.flag() ?? true;
  const allowedSans = new Set((parts.get('client_allowed_sans')?.list() ?? []).map((san) => san.text()));
  if (!enabled) return undefined;

  const cert = pem('cert') ?? at('cert').wrong('there must be a cert_file or a cert');
  const key = pem('key') ?? at('key').wrong('there must be a key_file or a key');
  const clientAuth = clientAuthOf(parts);
  const ca = pem('client_ca');
  if (ca !== undefined && clientAuth === 'NoClientCert')
    at('client_ca').wrong('does nothing without client_auth_type, such as RequireAndVerifyClientCert');
  if (allowedSans.size > 0 && clientAuth === 'NoClientCert')
    parts
      .get('client_allowed_sans')!
      .wrong('does nothing without client_auth_type, such as RequireAndVerifyClientCert');
  if (ca !== undefined) checkCertificate(at('client_ca'), ca);
  checkCertificate(at('cert'), cert);
  checkKey(at('key'), key);
  const context: SecureContextOptions = {
    cert,
    key,
    // Without one nobody can be verified: not against the authorities of the whole web either.
    ca: ca ?? [],
    ...versions,
    ...(ciphers.length > 0 && { ciphers: [...new Set([...ciphers, ...ALWAYS])].join(':') }),
    ...(curves.length > 0 && { ecdhCurve: curves.join(':') }),
    honorCipherOrder: ordered,
  };
  try {
    createSecureContext(context);
  } catch (error) {
    at('key').wrong(`certificate and key cannot be used: ${firstLine((error as Error).message)}`);
  }
  return { context, clientAuth, allowedSans };
}

/** Whether this client's certificate, or that it has none, is allowed. */
export function isAllowed({ clientAuth, allowedSans }: Tls, socket: TLSSocket): boolean {
  if (clientAuth === 'NoClientCert') return true;
  const certificate = socket.getPeerX509Certificate();
  const verified = clientAuth === 'VerifyClientCertIfGiven' || clientAuth === 'RequireAndVerifyClientCert';
  if (!certificate) return clientAuth === 'RequestClientCert' || clientAuth === 'VerifyClientCertIfGiven';
  // A session that is taken up again is as authorized as it was at first.
  if (verified && (!socket.authorized || Date.parse(certificate.validTo) < Date.now())) return false;
  return allowedSans.size === 0 || sansOf(certificate).some((san) => allowedSans.has(san));
}

/** `DNS:a, IP Address:10.0.0.1, …`; what has a comma or a quote in it is quoted as in JSON. */
function sansOf({ subjectAltName }: X509Certificate): readonly string[] {
  const names = (subjectAltName ?? '').matchAll(
    /(?:DNS|email|IP Address|URI):(?:("(?:[^"\\]|\\.)*")|([^,"]*))(?:, |$)/g,
  );
  return [...names].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : (JSON.parse(quoted) as string),
  );
}

function versionsOf(
  parts: ReadonlyMap<string, Place>,
): Pick<SecureContextOptions, 'minVersion' | 'maxVersion'> {
  const version = (name: string, standard: 'TLSv1.2' | 'TLSv1.3') => {
    const place = parts.get(name);
    if (!place || place.isNull()) return standard;
    return (
      VERSIONS[place.oneOf(Object.keys(VERSIONS))] ??
      place.wrong('TLS 1.0 and 1.1 are broken (RFC 8996) and not served; use TLS12 or TLS13')
    );
  };
  const minVersion = version('min_version', 'TLSv1.2');
  const maxVersion = version('max_version', 'TLSv1.3');
  if (minVersion > maxVersion) parts.get('max_version')!.wrong('is below min_version');
  return { minVersion, maxVersion };
}

function ciphersOf(parts: ReadonlyMap<string, Place>): readonly string[] {
  return (parts.get('cipher_suites')?.list() ?? []).map((suite) => {
    if (suite.text().startsWith('TLS_RSA_WITH_'))
      suite.wrong(
        'gives up what was sent once the key leaks, and is not served; use one that begins with TLS_ECDHE_',
      );
    return CIPHERS[suite.oneOf(Object.keys(CIPHERS))]!;
  });
}

function clientAuthOf(parts: ReadonlyMap<string, Place>): ClientAuth {
  const place = parts.get('client_auth_type');
  const text = place?.text();
  if (!place || text === '') return 'NoClientCert';
  // The toolkit's old name.
  if (text === 'RequireClientCert') return 'RequireAnyClientCert';
  return place.oneOf(CLIENT_AUTH) as ClientAuth;
}

function checkCertificate(place: Place, pem: string): void {
  try {
    new X509Certificate(pem);
  } catch {
    place.wrong('has no certificate in PEM (-----BEGIN CERTIFICATE-----)');
  }
}

function checkKey(place: Place, pem: string): void {
  try {
    createPrivateKey(pem);
  } catch {
    place.wrong('has no private key in PEM (-----BEGIN PRIVATE KEY-----), or one with a passphrase');
  }
}
