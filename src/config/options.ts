// Every option of the command line, once. Help, environment names and defaults derive from this table.

import { COLLECTORS } from '../metrics/metric';
import { SENSORS } from '../metrics/thermal';

export interface Option {
  /** As on the command line, without the dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** Another long name. */
  readonly alias?: string;
  /** What stands for the value in the help; a switch has none. */
  readonly value?: string;
  /** The value may be left out; it is true then. */
  readonly isOptional?: true;
  readonly help: string;
  readonly default?: string | readonly string[];
  readonly repeatable?: boolean;
  /** A switch that is on unless --no-… */
  readonly on?: boolean;
  /** All that the value can be. */
  readonly choices?: readonly string[];
  /** The value can be a file, or the name of a machine file. */
  readonly takes?: 'file' | 'machine';
}

export const MACHINE_OPTION: Option = {
  name: 'machine',
  value: 'NAME|FILE|any',
  help: 'play a machine file instead of this Mac; any is this Mac, or off a Mac the default file',
  takes: 'machine',
};

export const COLLECTOR_OPTIONS: readonly Option[] = [
  ...COLLECTORS.filter((name) => name !== 'exporter').map((name): Option => ({
    name: `collector.${name}`,
    help:
      name === 'app'
        ? 'the collector app; off by default where the server listens on more than this computer'
        : `the collector ${name}`,
    on: true,
  })),
  { name: 'collector.disable-defaults', help: 'only the collectors that are switched on by name' },
  { name: 'collector.cpu.states', help: 'mac_cpu_state_seconds_total, several hundred series' },
  { name: 'collector.energy.detail', help: 'mac_energy_detail_joules_total' },
  {
    name: 'collector.thermal.sensors',
    value: SENSORS.join('|'),
    help: 'mac_temperature_celsius: the hottest sensor of each role, every sensor, or none',
    default: SENSORS[0],
    choices: SENSORS,
  },
  {
    name: 'collector.app.top',
    value: 'N',
    help: 'apps, and processes, that have a label of their own; the rest is other',
    default: '10',
  },
  {
    name: 'collector.app.include',
    value: 'PATTERN',
    help: 'only apps whose whole name matches have a label',
  },
  { name: 'collector.app.exclude', value: 'PATTERN', help: 'apps whose whole name matches have none' },
  {
    name: 'collector.app.resolve',
    value: 'NAME,…',
    help: 'apps, such as sshd or a CI runner, that are split by the executables in them; may be repeated',
    repeatable: true,
  },
  {
    name: 'collector.app.anonymise',
    help: 'names as hashes, others on each Mac and after each restart of it',
  },
  {
    name: 'sampling.min-window',
    value: 'SECONDS',
    help: 'shortest window of the gauges that are means over time',
    default: '10',
  },
  { name: 'sampling.max-window', value: 'SECONDS', help: 'longest such window', default: '300' },
];

export const SERVE_OPTIONS: readonly Option[] = [
  {
    name: 'web.listen-address',
    value: 'ADDRESS',
    help: 'HOST:PORT, :PORT, [IPv6]:PORT or unix:PATH; may be repeated',
    default: ['127.0.0.1:13013'],
    repeatable: true,
  },
  { name: 'web.telemetry-path', value: 'PATH', help: 'where the metrics are', default: '/metrics' },
  {
    name: 'web.config.file',
    value: 'FILE',
    help: 'TLS, passwords, headers and a rate limit, in the format of exporter-toolkit',
    takes: 'file',
  },
  {
    name: 'web.allowed-host',
    value: 'NAME',
    help: 'a name with a dot, such as that of a proxy, that requests to a loopback address may have as Host; may be repeated',
    repeatable: true,
  },
  { name: 'web.max-requests', value: 'N', help: 'scrapes answered at once', default: '40' },
  { name: 'web.disable-exporter-metrics', help: "leave out the exporter's own counts and process_*" },
  {
    name: 'sampling.interval',
    value: 'SECONDS',
    help: 'read what apps use also between scrapes; without it nothing is done at rest',
  },
  {
    name: 'config.file',
    value: 'FILE',
    help: 'YAML: options by their names; the command line and the environment go before it; read again on SIGHUP',
    takes: 'file',
  },
  { name: 'config.check', help: 'print every option with its value and where it is from, and end' },
  {
    name: 'log.file',
    value: 'FILE',
    help: 'print there and not on the terminal: 5 files of 5 MB at most, opened anew on SIGHUP',
    takes: 'file',
  },
];

/** Beside those of serve, which are stored by install. */
export const SERVICE_OPTIONS: readonly Option[] = [
  { name: 'system', help: 'a service of the whole Mac, which needs root to be installed; the default' },
  { name: 'user', help: 'a service of your own, without root' },
  {
    name: 'node',
    value: 'PATH',
    help: 'install: the node that runs it, by a path that upgrades leave in place',
    takes: 'file',
  },
];

/** `--web.listen-address` is METALSTAT_EXPORTER_WEB_LISTEN_ADDRESS. */
export const environmentName = (name: string): string =>
  `METALSTAT_EXPORTER_${name.replaceAll(/[.-]/g, '_').toUpperCase()}`;
