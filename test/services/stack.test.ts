// The stack end to end, on the configuration files that are shipped: an exporter goes red, Prometheus notices, Alertmanager
// tells a webhook, and tells it again when it is over. Durations of rules and routes are divided by 60.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDashboard, dataPanels, substitute, ANY } from '../support/dashboards';
import { runbookUrl } from '../../dashboards/names';
import { alertGroups, rulesYaml } from '../../dashboards/rules/yaml';
import { factsOf, machineOfDay, type Phase } from '../machines/build/day';
import { serialize } from '../../src/cli/record/serialize';
import { freePort } from '../support/process';
import { ask, query } from '../support/prometheus_api';
import { edited, faster, shipped, Stack, Webhook } from '../support/stack';

const FASTER = 60;

const folder = mkdtempSync(join(tmpdir(), 'metalstat-stack-'));
const stack = new Stack(folder);
const webhook = new Webhook();

afterAll(async () => {
  await stack.stop();
  webhook.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An exporter on a Mac that goes through phases. */
async function playing(name: string, mac: string, phases: readonly Phase[]): Promise<string> {
  const { file } = machineOfDay(factsOf(mac), { phases, every: 1, name });
  return stack.exporter(['--machine', stack.write(`${name}.json`, serialize(file)), '--no-collector.app']);
}

describe('a Mac that goes red', () => {
  let prometheus = '';
  let model = '';
  let swapper = '';

  beforeAll(async () => {
    // Both are red for a minute: one holds a model, the other runs out of memory.
    model = await playing('model', 'Mac15,12__m3', [
      { doing: 'idle', seconds: 20 },
      { doing: 'llm', seconds: 60 },
      { doing: 'idle', seconds: 600 },
    ]);
    swapper = await playing('swapper', 'Mac15,12__m3', [
      { doing: 'idle', seconds: 10 },
      { doing: 'goesRed', seconds: 120 },
      { doing: 'idle', seconds: 600 },
    ]);
    const alertmanager = await stack.alertmanager(
      faster(shipped('alertmanager/alertmanager.yaml', { 'alert-log:9095': await webhook.listen() }), FASTER),
    );
    stack.write('alerts.yaml', rulesYaml(alertGroups('default', FASTER)));
    stack.write('recording.yaml', shipped('prometheus/recording.yaml'));
    const config = edited(
      faster(shipped('prometheus/prometheus.yaml', { 'alertmanager:9093': alertmanager }), FASTER),
      ({ scrape_configs: [mac] }) => {
        mac!.static_configs[0]!.targets = [model, swapper];
      },
    );
    prometheus = await stack.prometheus('prometheus', config, ['--web.enable-remote-write-receiver']);
  }, 120_000);

  test('is told to the chat, with its runbook, and that it is over', async () => {
    const red = await webhook.until(
      ({ status, labels }) => labels['alertname'] === 'MemoryPressureRed' && status === 'firing',
    );
    expect(red).toMatchObject({
      receiver: 'chat',
      labels: { job: 'mac', instance: model, severity: 'warning' },
      annotations: {
        runbook_url: runbookUrl('MemoryPressureRed'),
        summary: `Memory pressure of ${model} is red`,
        dashboard_url: `/d/metalstat-mac?var-job=mac&var-instance=${model}`,
      },
    });
    const over = await webhook.until(
      ({ status, labels }) => labels['alertname'] === 'MemoryPressureRed' && status === 'resolved',
    );
    expect(over.labels['instance']).toBe(model);
  }, 180_000);

  test('pages when it runs out of memory, and is not told twice', async () => {
    const page = await webhook.until(({ labels }) => labels['alertname'] === 'MemoryPressureCritical');
    expect(page).toMatchObject({ receiver: 'pager', labels: { instance: swapper, severity: 'critical' } });
    await webhook.until(
      ({ status, labels }) => labels['alertname'] === 'MemoryPressureCritical' && status === 'resolved',
    );
    const twice = webhook.told.filter(
      ({ labels }) => labels['alertname'] === 'MemoryPressureRed' && labels['instance'] === swapper,
    );
    expect(twice).toEqual([]);
  }, 180_000);

  test('an info, that it is no live Mac, is told to nobody, and is there for who asks', async () => {
    const alerts = await query(prometheus, 'ALERTS{alertname="MacNotLive",alertstate="firing"}');
    expect(alerts.map(({ metric }) => metric['instance']).sort()).toEqual([model, swapper].sort());
    expect(webhook.told.filter(({ labels }) => labels['alertname'] === 'MacNotLive')).toEqual([]);
  });

  /** What the queries of a panel find. */
  async function shown(title: string): Promise<readonly number[]> {
    const panels = (['mac', 'mac-fleet'] as const).flatMap((name) => dataPanels(readDashboard(name)));
    const { targets = [] } = panels.find((panel) => panel.title === title)!;
    const found = await Promise.all(
      targets.map(({ expr }) => query(prometheus, substitute(expr, { ...ANY, __rate_interval: '15s' }))),
    );
    return found.flat().map(({ value }) => Number(value[1]));
  }

  test.each(['CPU of the exporter', 'Memory of the exporter'])(
    'the panel %s, which wants a running one, has values',
    async (title) => {
      const values = await shown(title);
      expect(values).toHaveLength(2);
      expect(Math.min(...values)).toBeGreaterThan(0);
    },
  );

  test('recording rules are evaluated', async () => {
    const watts = await query(prometheus, 'instance:mac_energy_joules:rate5m');
    expect(watts.map(({ metric }) => metric['instance']).sort()).toEqual([model, swapper].sort());
  });

  test('an agent writes under the name of its host, and is missed when it falls silent', async () => {
    const config = edited(
      shipped('prometheus/agent.yaml', {
        '127.0.0.1:13013': model,
        'http://prometheus.example:9090': prometheus,
      }),
      ({ global }) => {
        global.scrape_interval = '1s';
      },
    );
    const address = `127.0.0.1:${await freePort()}`;
    const agent = await stack.start(
      'prometheus',
      [
        '--enable-feature=agent,expand-external-labels',
        `--config.file=${stack.write('agent.yaml', config)}`,
        `--storage.agent.path=${join(folder, 'agent')}`,
        `--web.listen-address=${address}`,
      ],
      `http://${address}/-/ready`,
      { HOSTNAME: 'macbook-7' },
    );
    const seen = async (promql: string) => {
      for (;;) {
        const found = await query(prometheus, promql);
        if (found.length > 0) return found;
        await sleep(200);
      }
    };
    const [level] = await seen('memory_pressure_level{via="agent"}');
    expect(level!.metric).toEqual({
      __name__: 'memory_pressure_level',
      job: 'mac',
      instance: 'macbook-7',
      via: 'agent',
    });
    expect(await seen('up{job="mac",instance="macbook-7",via="agent"}')).toHaveLength(1);
    await agent.stop();
    const told = await webhook.until(({ labels }) => labels['alertname'] === 'MacSilent');
    expect(told.labels).toMatchObject({ instance: 'macbook-7', severity: 'warning' });
  }, 120_000);

  test('an exporter that ends is missed', async () => {
    await stack.stopExporter(swapper);
    const down = await webhook.until(({ labels }) => labels['alertname'] === 'MacDown');
    expect(down).toMatchObject({ receiver: 'chat', labels: { instance: swapper } });
    expect((await shown('Firing alerts'))[0]).toBeGreaterThanOrEqual(1);
  }, 120_000);
});

// Prometheus takes its time to look for targets.
const PATIENCE = 60_000;

describe('discovery', () => {
  const MACS = shipped('prometheus/targets/macs.json', {});
  interface Targets {
    readonly activeTargets: readonly { readonly labels: Readonly<Record<string, string>> }[];
  }
  const labelsAt = async (url: string) => {
    for (;;) {
      const { activeTargets } = await ask<Targets>(url, 'targets');
      if (activeTargets.length > 0) return activeTargets.map(({ labels }) => labels);
      await sleep(100);
    }
  };
  const [one, two, sleeper] = ['mac-studio-1', 'mac-studio-2', 'macbook-1'].map(
    (name) => `${name}.example:13013`,
  );

  test(
    'by names in the file',
    async () => {
      const labels = await labelsAt(
        await stack.prometheus('static', shipped('prometheus/scrape/static.yaml')),
      );
      expect(labels.map(({ instance, sleeps }) => [instance, sleeps]).sort()).toEqual([
        [one, undefined],
        [two, undefined],
        [sleeper, 'true'],
      ]);
      expect(new Set(labels.map(({ job }) => job))).toEqual(new Set(['mac']));
    },
    PATIENCE,
  );

  test(
    'by files',
    async () => {
      stack.write('macs.json', MACS);
      const config = shipped('prometheus/scrape/file.yaml', { 'targets/': '' }).replace(
        '*.json',
        'macs.json',
      );
      const labels = await labelsAt(await stack.prometheus('files', config.replace(/.*\*\.yaml\n/, '')));
      expect(labels.map(({ instance, site, sleeps }) => [instance, site, sleeps]).sort()).toEqual([
        [one, 'berlin', undefined],
        [two, 'berlin', undefined],
        [sleeper, 'berlin', 'true'],
      ]);
    },
    PATIENCE,
  );

  test(
    'by HTTP',
    async () => {
      const inventory = createServer((_request, response) => {
        response.setHeader('Content-Type', 'application/json').end(MACS);
      });
      const port = await freePort();
      inventory.listen(port, '127.0.0.1');
      try {
        const config = shipped('prometheus/scrape/http.yaml', { 'inventory.example': `127.0.0.1:${port}` });
        const labels = await labelsAt(await stack.prometheus('http', config));
        expect(labels.map(({ instance }) => instance).sort()).toEqual([one, two, sleeper]);
      } finally {
        inventory.close();
      }
    },
    PATIENCE,
  );
});
