// The rules, by promtool: each alert fires in time and not before, not one step below its threshold, through scrapes that
// fail, and ends.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { alertGroups } from '../../dashboards/rules/yaml';
import { ALERTS } from '../../dashboards/rules/alerts';
import { RECORDING_GROUPS } from '../../dashboards/rules/recording';
import { HEALTHY, play, STORIES, WHO, type Story } from '../support/alert_stories';
import { firedBy, firing, RULE_FILES, seriesName, silent, testRules, type Values } from '../support/promtool';

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
const labelsOf = ({ labels, severity }: Story) => ({ ...WHO, ...labels, severity });

test('the object for the operator holds the same rules', () => {
  const [file] = RULE_FILES;
  const read = (name: string) => parse(readFileSync(join(dirname(file!), name), 'utf8')) as unknown;
  const { spec } = read('prometheusrule.yaml') as { readonly spec: { readonly groups: readonly unknown[] } };
  const groups = ['recording.yaml', 'alerts.yaml'].flatMap(
    (name) => (read(name) as { readonly groups: readonly unknown[] }).groups,
  );
  expect(spec.groups).toEqual(groups);
});

const RULES = [...alertGroups('default'), ...alertGroups('optional')].flatMap(({ rules }) => rules);
const annotationsOf = (alert: string) => RULES.find((rule) => rule.alert === alert)!.annotations!;

test('promtool finds nothing in the files', () => {
  execFileSync('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', ...RULE_FILES]);
});

describe.each(STORIES.map((story) => [`${story.alert} by ${story.signals[0]!.metric}`, story] as const))(
  '%s',
  (_name, story) => {
    const { alert, signals, after, resolves } = story;
    const fires = HEALTHY + after;

    test('fires in time, with its texts, and not a minute early', () => {
      const { summary, description } = ALERTS.find(({ name }) => name === alert)!;
      const told = (text: string) =>
        text
          .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => {
            const value = (labelsOf(story) as Record<string, string>)[label];
            if (value === undefined) throw new Error(`no label ${label}`);
            return value;
          })
          .replaceAll(/\{\{ \$value[^}]*\}\}/g, () => {
            if (story.value === undefined) throw new Error('the story says no value');
            return story.value;
          });
      const { runbook_url, dashboard_url } = annotationsOf(alert);
      const path = dashboard_url!.split('?')[0]!;
      testRules([
        {
          name: alert,
          series: play(signals, 'firing', { length: after + 5 }),
          expect: [
            ...range(0, fires - 1).map((at) => silent(at, alert)),
            firing(fires, alert, labelsOf(story)),
          ],
          alerts: [
            {
              eval_time: `${fires}m`,
              alertname: alert,
              exp_alerts: [
                {
                  exp_labels: labelsOf(story),
                  exp_annotations: {
                    summary: told(summary),
                    description: told(description),
                    runbook_url: runbook_url!,
                    dashboard_url: `${path}?var-job=${WHO.job}&var-instance=${WHO.instance}`,
                  },
                },
              ],
            },
          ],
        },
      ]);
    });

    test('does not fire one step below its threshold', () => {
      const end = fires + 30;
      testRules([
        {
          name: alert,
          series: play(signals, 'below', { length: after + 31 }),
          expect: range(0, end).map((at) => silent(at, alert)),
        },
      ]);
    });

    test('goes on through a failed scrape every 4 minutes', () => {
      const series = play(signals, 'firing', { length: after + 45, staleEvery: 4 });
      // Windows that look for growth may want one more scrape when the first is missing.
      testRules([
        {
          name: alert,
          series,
          expect: range(fires + 1, fires + 40).map((at) => firing(at, alert, labelsOf(story))),
        },
      ]);
    });

    test('ends', () => {
      const over = HEALTHY + after + 5;
      const well = resolves + 20;
      testRules([
        {
          name: alert,
          series: play(signals, 'firing', { length: after + 5, well }),
          expect: [
            firing(over - 1, alert, labelsOf(story)),
            ...range(over + resolves, over + well - 1).map((at) => silent(at, alert)),
          ],
        },
      ]);
    });
  },
);

describe('who is down', () => {
  const up = (instance: string, more: Readonly<Record<string, string>> = {}) =>
    seriesName('up', { job: 'mac', instance, ...more });
  const of = (value: number | undefined, length = 60): Values => Array.from({ length }, () => value);
  const from = (minute: number, value: number | undefined, length = 60): Values =>
    Array.from({ length }, (_, i) => (i < minute ? 1 : value));
  const fleet = (count: number, down: number): [string, Values][] =>
    Array.from({ length: count }, (_, i) => [up(`mac-${i}`), i < down ? from(10, 0) : of(1)]);

  test('a Mac that may sleep is not missed', () => {
    const series = new Map([
      [up('sleeper', { sleeps: 'true' }), from(10, 0)],
      [up('other', { sleeps: 'true' }), from(10, 0)],
    ]);
    testRules([{ name: 'sleeps', series, expect: [firedBy(59, [], 'alertname')] }]);
  });

  test('another job is not ours', () => {
    const series = new Map([[seriesName('up', { job: 'node', instance: 'a' }), from(10, 0)]]);
    testRules([{ name: 'another job', series, expect: [firedBy(59, [], 'alertname')] }]);
  });

  test('a new Mac that never answered is told as well', () => {
    const series = new Map([[up('new'), of(0)]]);
    testRules([
      {
        name: 'new',
        series,
        expect: [
          silent(4, 'MacDown'),
          firing(5, 'MacDown', { job: 'mac', instance: 'new', severity: 'warning' }),
        ],
      },
    ]);
  });

  test('a tenth of the fleet pages, in time and not early; less, or one of a few, does not', () => {
    const down = { job: 'mac', severity: 'critical' };
    testRules([
      {
        name: '2 of 20',
        series: new Map(fleet(20, 2)),
        expect: [...range(0, 19).map((at) => silent(at, 'MacFleetDown')), firing(20, 'MacFleetDown', down)],
      },
      {
        name: '2 of 21',
        series: new Map(fleet(21, 2)),
        expect: range(0, 59).map((at) => silent(at, 'MacFleetDown')),
      },
      {
        name: '1 of 3',
        series: new Map(fleet(3, 1)),
        expect: range(0, 59).map((at) => silent(at, 'MacFleetDown')),
      },
    ]);
  });

  test('a fleet that comes back is over; missing samples every 4 minutes change nothing', () => {
    const back = (minute: number): Values =>
      Array.from({ length: 60 }, (_, i) => (i >= 10 && i < minute ? 0 : 1));
    testRules([
      {
        name: 'back',
        series: new Map([...fleet(18, 0), [up('a'), back(30)], [up('b'), back(30)]]),
        expect: [
          ...range(21, 29).map((at) => firing(at, 'MacFleetDown', { job: 'mac', severity: 'critical' })),
          ...range(31, 59).map((at) => silent(at, 'MacFleetDown')),
        ],
      },
    ]);
  });

  test('a Mac that pushes and falls silent is told; one that is scraped is not told twice', () => {
    const pushed = up('laptop', { via: 'agent' });
    const scraped = up('studio');
    const ends: Values = Array.from({ length: 60 }, (_, i) => (i < 10 ? 1 : undefined));
    testRules([
      {
        name: 'silent',
        series: new Map([
          [pushed, ends],
          [scraped, from(10, 0)],
        ]),
        expect: [
          ...range(0, 24).map((at) => silent(at, 'MacSilent')),
          firing(25, 'MacSilent', { job: 'mac', instance: 'laptop', severity: 'warning' }),
          firing(59, 'MacSilent', { job: 'mac', instance: 'laptop', severity: 'warning' }),
        ],
      },
    ]);
  });

  test('a Mac that went away under critical pressure is told, one that merely went away is not', () => {
    const level = (instance: string) =>
      seriesName('mac_memory_pressure_kernel_level', { job: 'mac', instance });
    const last = (value: number): Values =>
      Array.from({ length: 60 }, (_, i) => (i < 10 ? value : undefined));
    const dead = { job: 'mac', instance: 'dead', severity: 'critical' };
    testRules([
      {
        name: 'died',
        series: new Map([
          [up('dead'), from(10, 0)],
          [level('dead'), last(4)],
          [up('off'), from(10, 0)],
          [level('off'), last(2)],
          // Its collector fails; the Mac is there.
          [up('blind'), of(1)],
          [level('blind'), last(4)],
          // Still critical, and there.
          [up('red'), of(1)],
          [level('red'), of(4)],
        ]),
        expect: [
          ...range(0, 16).map((at) => silent(at, 'MacDiedUnderPressure')),
          firing(17, 'MacDiedUnderPressure', dead),
          firing(35, 'MacDiedUnderPressure', dead),
          silent(45, 'MacDiedUnderPressure'),
        ],
      },
    ]);
  });
});

test('three starts within an hour are no reason to worry', () => {
  const start: Values = Array.from({ length: 60 }, (_, i) => 1.7e9 + Math.min(3, Math.floor(i / 10)) * 600);
  testRules([
    {
      name: 'three starts',
      series: new Map([[seriesName('process_start_time_seconds', WHO), start]]),
      expect: [firedBy(59, [], 'alertname')],
    },
  ]);
});

test('a host that serves a model is red, and not critical', () => {
  testRules([
    {
      name: 'llm',
      series: new Map<string, Values>([
        [seriesName('memory_pressure_level', WHO), Array<number>(60).fill(2)],
        [seriesName('mac_memory_pressure_kernel_level', WHO), Array<number>(60).fill(1)],
        [
          seriesName('mac_memory_swapped_out_bytes_total', WHO),
          Array.from({ length: 60 }, (_, i) => 9e9 + i * 10e6),
        ],
      ]),
      expect: [
        firing(30, 'MemoryPressureRed', { ...WHO, severity: 'warning' }),
        ...range(0, 59).map((at) => silent(at, 'MemoryPressureCritical')),
      ],
    },
  ]);
});

test('every alert has a test here', () => {
  const custom = ['MacFleetDown', 'MacSilent', 'MacDiedUnderPressure'];
  expect(
    ALERTS.map(({ name }) => name)
      .filter((name) => !custom.includes(name))
      .sort(),
  ).toEqual([...new Set(STORIES.map(({ alert }) => alert))].sort());
});

test('recording rules say what they are called', () => {
  const counter = (perMinute: number): Values => Array.from({ length: 61 }, (_, i) => i * perMinute);
  const energy = (rail: string, die: string) => seriesName('mac_energy_joules_total', { ...WHO, rail, die });
  const cpu = (core: string, mode: string) =>
    seriesName('mac_cpu_seconds_total', { ...WHO, core, tier: 'performance', mode });
  const LACKS = { ...WHO, instance: 'mac-2:13013' };
  const state = (name: string) => seriesName('mac_memory_pressure_state', { ...WHO, state: name });
  const expected: Readonly<Record<string, readonly { labels: string; value: number }[]>> = {
    'instance_rail:mac_energy_joules:rate5m': [
      { labels: seriesName('instance_rail:mac_energy_joules:rate5m', { ...WHO, rail: 'cpu' }), value: 30 },
      { labels: seriesName('instance_rail:mac_energy_joules:rate5m', { ...WHO, rail: 'gpu' }), value: 10 },
      { labels: seriesName('instance_rail:mac_energy_joules:rate5m', { ...LACKS, rail: 'gpu' }), value: 10 },
    ],
    // Of a Mac that lacks a rail there is no sum.
    'instance:mac_energy_joules:rate5m': [
      { labels: seriesName('instance:mac_energy_joules:rate5m', WHO), value: 40 },
    ],
    'job:mac_energy_joules:rate5m': [
      { labels: seriesName('job:mac_energy_joules:rate5m', { job: 'mac' }), value: 40 },
    ],
    // 40 W for an hour.
    'instance:mac_energy_kilowatt_hours:increase1d': [
      { labels: seriesName('instance:mac_energy_kilowatt_hours:increase1d', WHO), value: 0.04 },
    ],
    'instance:mac_gpu_active_seconds:rate5m': [
      { labels: seriesName('instance:mac_gpu_active_seconds:rate5m', WHO), value: 0.5 },
    ],
    'job:mac_gpu_active_seconds:avg_rate5m': [
      { labels: seriesName('job:mac_gpu_active_seconds:avg_rate5m', { job: 'mac' }), value: 0.5 },
    ],
    'instance_tier:mac_cpu_busy:ratio_rate5m': [
      {
        labels: seriesName('instance_tier:mac_cpu_busy:ratio_rate5m', { ...WHO, tier: 'performance' }),
        value: 0.25,
      },
    ],
    'instance:mac_memory_bandwidth_bytes:rate5m': [
      { labels: seriesName('instance:mac_memory_bandwidth_bytes:rate5m', WHO), value: 3 },
    ],
    'instance_state:mac_memory_pressure_state:avg1h': [
      {
        labels: seriesName('instance_state:mac_memory_pressure_state:avg1h', { ...WHO, state: 'green' }),
        value: 30 / 61,
      },
      {
        labels: seriesName('instance_state:mac_memory_pressure_state:avg1h', { ...WHO, state: 'red' }),
        value: 31 / 61,
      },
    ],
    'job_state:mac_memory_pressure_state:sum': [
      {
        labels: seriesName('job_state:mac_memory_pressure_state:sum', { job: 'mac', state: 'green' }),
        value: 0,
      },
      {
        labels: seriesName('job_state:mac_memory_pressure_state:sum', { job: 'mac', state: 'red' }),
        value: 1,
      },
    ],
    'instance:metal_alloc_bytes:ratio_recommended_max': [
      { labels: seriesName('instance:metal_alloc_bytes:ratio_recommended_max', WHO), value: 0.25 },
    ],
  };
  const records = Object.values(RECORDING_GROUPS).flatMap(({ rules }) => rules.map(({ record }) => record));
  expect(Object.keys(expected).sort()).toEqual([...records].sort());
  testRules([
    {
      name: 'recorded',
      series: new Map<string, Values>([
        [energy('cpu', '0'), counter(20 * 60)],
        [energy('cpu', '1'), counter(10 * 60)],
        [energy('gpu', ''), counter(10 * 60)],
        [seriesName('mac_energy_joules_total', { ...LACKS, rail: 'gpu', die: '' }), counter(10 * 60)],
        [
          seriesName('metalstat_exporter_rail_publication_age_seconds', { ...LACKS, rail: 'cpu' }),
          Array<number>(61).fill(11),
        ],
        [seriesName('mac_gpu_active_seconds_total', WHO), counter(30)],
        [cpu('0', 'idle'), counter(30)],
        [cpu('0', 'user'), counter(30)],
        [cpu('1', 'idle'), counter(60)],
        [
          seriesName('mac_memory_bandwidth_bytes_total', { ...WHO, agent: 'GFX', direction: 'read' }),
          counter(2 * 60),
        ],
        [
          seriesName('mac_memory_bandwidth_bytes_total', { ...WHO, agent: 'GFX', direction: 'write' }),
          counter(60),
        ],
        [state('green'), Array.from({ length: 61 }, (_, i) => (i < 30 ? 1 : 0))],
        [state('red'), Array.from({ length: 61 }, (_, i) => (i < 30 ? 0 : 1))],
        [seriesName('metal_alloc_bytes', WHO), Array<number>(61).fill(25e9)],
        [seriesName('mac_metal_recommended_max_bytes', WHO), Array<number>(61).fill(100e9)],
      ]),
      expect: Object.entries(expected).map(([record, samples]) => ({ at: 60, expr: record, samples })),
    },
  ]);
});
