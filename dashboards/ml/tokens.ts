// Tokens of a server of models on the same host: a counter of another exporter, whose name the reader gives.

import {
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableHide,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { timeSeries, statPanel } from '../panels/kinds';
import { DATASOURCE } from '../panels/panel';
import { chipJoules } from '../panels/query';

/** The default is llama.cpp's; vLLM has vllm:generation_tokens_total. */
const COUNTER = 'llamacpp:tokens_predicted_total';
const HOSTS = 'label_values(mac_info{job=~"$job",instance=~"$instance"}, instance)';

export const tokenVariables = [
  new TextBoxVariableBuilder('tokens')
    .label('Token counter')
    .description('A counter of generated tokens that a server of models on these Macs exports')
    .defaultValue(COUNTER),
  // The same host on another port: what is before the colon.
  new QueryVariableBuilder('host')
    .label('Host')
    .query({ query: HOSTS, refId: 'host' })
    .definition(HOSTS)
    .regex('/([^:]+)/')
    .datasource(DATASOURCE)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .hide(VariableHide.HideVariable)
    .multi(true)
    .includeAll(true),
];

const byHost = (expr: string) =>
  `sum by (host) (label_replace(${expr}, "host", "$1", "instance", "([^:]+)(?::\\\\d+)?"))`;

const tokens = byHost('rate(${tokens}{instance=~"($host)(:[0-9]+)?"}[$__rate_interval])');
const joules = byHost(chipJoules);

const ABSENT = 'no such counter';

export const tokenPanels = [
  statPanel({
    title: 'Tokens a second',
    description: 'Tokens generated a second, from the counter $tokens of the server of models.',
    unit: 'short',
    decimals: 1,
    w: 4,
    h: 4,
    absent: ABSENT,
    queries: [{ expr: tokens, legend: '{{host}}' }],
  }),
  statPanel({
    title: 'Tokens per joule',
    description:
      'Tokens generated for each joule of the chip, all rails. From $tokens and mac_energy_joules_total.',
    unit: 'short',
    decimals: 2,
    w: 4,
    h: 4,
    absent: ABSENT,
    queries: [{ expr: `${tokens} / ${joules}`, legend: '{{host}}' }],
  }),
];

export const tokenCourse = timeSeries({
  title: 'Tokens and what they cost',
  description:
    'Tokens a second, and joules of the chip for each token (right axis). From $tokens and mac_energy_joules_total.',
  unit: 'short',
  w: 12,
  h: 8,
  min: 0,
  absent: ABSENT,
  queries: [
    { expr: tokens, legend: 'tokens a second' },
    { expr: `${joules} / (${tokens} > 0)`, legend: 'joules per token' },
  ],
  overrides: [
    {
      of: 'joules per token',
      set: {
        unit: 'joule',
        'custom.axisPlacement': 'right',
        'custom.fillOpacity': 0,
        'custom.lineStyle': { fill: 'dash', dash: [8, 6] },
      },
    },
  ],
});
