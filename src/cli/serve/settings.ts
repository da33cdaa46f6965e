// What serve runs with, from the values of its options.

import {
  OptionError,
  appRuleOf,
  intervalOf,
  selectionOf,
  wholeNumber,
  windowOf,
  type OptionValues,
} from '../../config/settings';
import type { Selection } from '../../metrics/catalogue';
import type { AppRule } from '../../sampler/labels';
import type { WindowRule } from '../../sampler/window';
import { parseAddress, type Address } from '../../server/address';

export interface ServeSettings {
  readonly addresses: readonly Address[];
  readonly metricsPath: string;
  readonly maxRequests: number;
  /** Names of this computer that a Host may have, besides those that no page of the web can have. */
  readonly allowedHosts: readonly string[];
  /** Whether only programs on this computer can connect. */
  readonly isPrivate: boolean;
  /** Whether the names of apps are kept from everybody, and nobody has asked for that. */
  readonly hidesApps: boolean;
  readonly selection: Selection;
  readonly sampling: { readonly window: WindowRule; readonly apps: AppRule };
  /** Seconds between two readings of what apps use; undefined for only when somebody scrapes. */
  readonly interval: number | undefined;
  readonly countsItself: boolean;
  readonly machine: string | undefined;
  readonly logFile: string | undefined;
}

/**
 * Throws an OptionError that names the first option whose value is wrong. `hasPasswords`: whoever asks from elsewhere is
 * known.
 */
export function serveSettings(values: OptionValues, hasPasswords = false): ServeSettings {
  const addresses = addressesOf(values);
  const isPrivate = hasPasswords || addresses.every(isLocal);
  return {
    addresses,
    metricsPath: pathOf(values),
    maxRequests: wholeNumber(values, 'web.max-requests'),
    allowedHosts: hostsOf(values),
    isPrivate,
    hidesApps:
      !isPrivate && values['collector.app'] === undefined && values['collector.disable-defaults'] !== true,
    selection: selectionOf(values, isPrivate),
    sampling: { window: windowOf(values), apps: appRuleOf(values) },
    interval: intervalOf(values),
    countsItself: values['web.disable-exporter-metrics'] !== true,
    machine: values['machine'] as string | undefined,
    logFile: logFileOf(values),
  };
}

/** What a running server cannot change: it would have to listen anew, or to read another Mac. */
export const FIXED: readonly string[] = [
  'web.listen-address',
  'web.telemetry-path',
  'web.disable-exporter-metrics',
  'web.config.file',
  'machine',
  'log.file',
];

/** Paths of the status page and of the checks, and all below. */
const RESERVED = /^\/($|-\/|api\/|page\/|docs\/)/;

function addressesOf(values: OptionValues): readonly Address[] {
  const texts = values['web.listen-address'] as readonly string[];
  return texts.map((text) => {
    const address = parseAddress(text);
    if (!address)
      throw new OptionError(
        `--web.listen-address takes HOST:PORT, :PORT, [IPv6]:PORT or unix:PATH, not ${JSON.stringify(text)}`,
      );
    return address;
  });
}

function hostsOf(values: OptionValues): readonly string[] {
  const hosts = (values['web.allowed-host'] ?? []) as readonly string[];
  const wrong = hosts.find((host) => !/^[\w-]+(\.[\w-]+)*$/.test(host));
  if (wrong !== undefined)
    throw new OptionError(
      `--web.allowed-host takes a name such as mac.example, not ${JSON.stringify(wrong)}`,
    );
  return hosts.map((host) => host.toLowerCase());
}

export function logFileOf(values: OptionValues): string | undefined {
  const path = values['log.file'] as string | undefined;
  if (path === '') throw new OptionError('--log.file takes the path of a file');
  return path;
}

function pathOf(values: OptionValues): string {
  const path = String(values['web.telemetry-path']);
  if (!/^\/[\w./-]*$/.test(path) || RESERVED.test(path))
    throw new OptionError(`--web.telemetry-path takes a path such as /metrics, not ${JSON.stringify(path)}`);
  return path;
}

const LOOPBACK = /^(127(\.\d+){3}|::1|localhost)$/;

export const isLoopback = ({ host }: Address): boolean => host !== undefined && LOOPBACK.test(host);
/** Whether only programs on this computer can connect. */
export const isLocal = (address: Address): boolean => address.path !== undefined || isLoopback(address);
