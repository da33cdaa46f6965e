// The stack's files fit together: what one names, another has. Docker is not needed here, and was not there to try it.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DASHBOARDS } from '../dashboards/names';
import { machineNames } from './support/machines';
import { ROOT } from './support/process';

const folder = join(ROOT, 'dashboards');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}
const { services, volumes } = parse(read('compose.yaml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: object;
};
const exporters = Object.entries(services).filter(([, { build }]) => build !== undefined);
const DEFAULT_PORT = '13013';

test('images are pinned to a version', () => {
  for (const { image, build } of Object.values(services))
    if (!build && !image.startsWith('metalstat-exporter')) expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
  const bases = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, base]) => base!);
  expect(bases).toHaveLength(2);
  for (const base of bases) expect(base).toMatch(/^node:\d+\.\d+\.\d+-/);
});

test('exporters play machine files that exist', () => {
  expect(exporters.length).toBeGreaterThanOrEqual(3);
  for (const [, { command = [] }] of exporters) {
    expect(command[0]).toBe('--machine');
    expect(machineNames).toContain(command[1]);
  }
});

test('Prometheus scrapes every exporter, and sends its alerts to Alertmanager', () => {
  const config = parse(read('prometheus/prometheus.yaml')) as {
    readonly rule_files: readonly string[];
    readonly scrape_configs: readonly {
      readonly static_configs: readonly { readonly targets: readonly string[] }[];
    }[];
    readonly alerting: {
      readonly alertmanagers: readonly {
        readonly static_configs: readonly { readonly targets: readonly string[] }[];
      }[];
    };
  };
  expect(config.scrape_configs[0]!.static_configs[0]!.targets).toEqual(
    exporters.map(([name]) => `${name}:${DEFAULT_PORT}`),
  );
  expect(services).toHaveProperty(
    config.alerting.alertmanagers[0]!.static_configs[0]!.targets[0]!.split(':')[0]!,
  );
  for (const file of config.rule_files) expect(existsSync(join(folder, 'prometheus', file))).toBe(true);
});

test('Alertmanager tells a service that is there', () => {
  const hosts = [...read('alertmanager/alertmanager.yaml').matchAll(/http:\/\/([\w-]+):(\d+)\//g)];
  expect(hosts.length).toBeGreaterThan(0);
  for (const [, host, port] of hosts) {
    expect(services).toHaveProperty(host!);
    expect(read('alertmanager/log.mjs')).toContain(`listen(${port}`);
  }
});

test('Grafana is given the data source and the dashboards', () => {
  const { volumes: mounts = [], environment = {} } = services['grafana']!;
  const provider = parse(read('provisioning/dashboards/metalstat.yaml')) as {
    readonly providers: readonly { readonly options: { readonly path: string } }[];
  };
  const { path } = provider.providers[0]!.options;
  expect(mounts).toContain(`./grafana:${path}:ro`);
  const home = environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']!;
  expect(Object.keys(DASHBOARDS).map((name) => `${path}/${name}.json`)).toContain(home);
  const sources = parse(read('provisioning/datasources/prometheus.yaml')) as {
    readonly datasources: readonly {
      readonly url: string;
      readonly jsonData: { readonly timeInterval: string };
    }[];
  };
  expect(services).toHaveProperty(new URL(sources.datasources[0]!.url).hostname);
  expect(read('prometheus/prometheus.yaml')).toContain(
    `scrape_interval: ${sources.datasources[0]!.jsonData.timeInterval}`,
  );
});

test('what is mounted, or copied into the image, exists; ports are open to this computer only', () => {
  for (const { volumes: mounts = [], ports = [] } of Object.values(services)) {
    for (const mount of mounts) {
      const [source] = mount.split(':');
      if (source!.startsWith('./')) expect(existsSync(join(folder, source!))).toBe(true);
      else expect(volumes).toHaveProperty(source!);
    }
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  }
  for (const [, sources] of read('Dockerfile').matchAll(/^COPY ((?:(?!--from)\S+ )+)\S+$/gm))
    for (const source of sources!.trim().split(' ')) expect(existsSync(join(ROOT, source))).toBe(true);
});
