// The servers that are compared: this exporter, its peers, and the least there can be.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { MAIN, ROOT } from '../support/command';
import { MACHINES } from '../support/machines';
import { built } from './peers/built';

/** The least that a scrape of a Mac can cost who is made with node:http and the addon, and who decodes what he reads, too. */
export const LIMITS = {
  read: 'node:http and the reads alone',
  decode: 'node:http, the reads and their decoding',
} as const;
export type Limit = keyof typeof LIMITS;
export const limitOf = (limit: Limit, mac: Mac): string => `${LIMITS[limit]} ${mac}`;

/** Each is served by the exporter, and by its peer of the same series. */
export const MACS = {
  'm2-ultra': 'Mac14,14__m2-ultra__15.2__mixed',
  'm5-max': 'Mac17,6__m5-max__27.0__mixed',
} as const;
export type Mac = keyof typeof MACS;

export type Kind = 'exporter' | 'express' | 'node_exporter' | 'floor';

export interface Target {
  readonly name: string;
  readonly kind: Kind;
  readonly mac?: Mac;
  /** The program, that listens on a port of 127.0.0.1. */
  command(port: number): readonly [program: string, ...args: string[]];
}

const NODE_EXPORTER = 'prometheus-node-exporter';
/** Bytes of the page of a Mac, about. */
const PAGE = 40_000;

export const isInstalled = (program: string): boolean => !spawnSync(program, ['--version']).error;

const exporterOf = (mac: Mac): Target => ({
  name: `exporter ${mac}`,
  kind: 'exporter',
  mac,
  command: (port) => [
    process.execPath,
    MAIN,
    'serve',
    '--machine',
    MACS[mac],
    '--web.listen-address',
    `127.0.0.1:${port}`,
  ],
});

function expressOf(mac: Mac): Target {
  const script = built('express_prom_client');
  const file = join(MACHINES, `${MACS[mac]}.json`);
  return {
    name: `express + prom-client ${mac}`,
    kind: 'express',
    mac,
    command: (port) => [process.execPath, script, join(ROOT, 'dist'), file, `${port}`],
  };
}

/** Reads and perhaps decodes, and answers with a text that is at hand. */
function leastOf(limit: Limit, mac: Mac): Target {
  const script = built('reads');
  const file = join(MACHINES, `${MACS[mac]}.json`);
  return {
    name: limitOf(limit, mac),
    kind: 'floor',
    command: (port) => [process.execPath, script, limit, join(ROOT, 'dist'), file, `${PAGE}`, `${port}`],
  };
}

/** Answers with a text that is at hand. */
function floorOf(kind: 'http' | 'net'): Target {
  const script = built('floor');
  return {
    name: `node:${kind} alone`,
    kind: 'floor',
    command: (port) => [process.execPath, script, kind, `${PAGE}`, `${port}`],
  };
}

const nodeExporter: Target = {
  name: 'node_exporter',
  kind: 'node_exporter',
  command: (port) => [NODE_EXPORTER, `--web.listen-address=127.0.0.1:${port}`],
};

/** All that can be started here; what cannot is told to `missing`. */
export function targets(macs: readonly Mac[], missing: (line: string) => void): readonly Target[] {
  const all = [
    ...macs.flatMap((mac) => [exporterOf(mac), expressOf(mac), leastOf('read', mac), leastOf('decode', mac)]),
    floorOf('http'),
    floorOf('net'),
  ];
  if (isInstalled(NODE_EXPORTER)) return [...all, nodeExporter];
  missing(
    `${NODE_EXPORTER} is not installed (apt-get install ${NODE_EXPORTER}): nothing is compared with it`,
  );
  return all;
}
