// The table of alerts in runbooks/README.md.

import {
  BOOT_TIME_MOVED,
  CLTM_SHARE,
  FLEET_DOWN,
  GPU_ACTIVE,
  METAL_ALLOC,
  PUBLICATION_AGE,
  RESTARTS,
  SWAPPED_OUT,
  TEMPERATURE,
} from '../thresholds';
import type { Alert } from './alert';
import { ALERTS } from './alerts';

const START = '<!-- alerts: generated -->\n';
const END = '<!-- end of alerts -->';

/** All alerts: a link to the page of each, its severity, and when it fires. */
export function alertsTable(): string {
  return `| alert | severity | fires when |\n| --- | --- | --- |\n${ALERTS.map(row).join('\n')}\n`;
}

/** The index of the runbooks with the table of now. */
export function withAlertsTable(readme: string): string {
  const from = readme.indexOf(START);
  const to = readme.indexOf(END);
  if (from < 0 || to < from)
    throw new Error(
      `runbooks/README.md has lost the table's place: put ${START.trim()} and ${END} around it`,
    );
  return `${readme.slice(0, from + START.length)}\n${alertsTable()}\n${readme.slice(to)}`;
}

function row({ name, severity, optional }: Alert): string {
  const when = FIRES_WHEN[name];
  if (when === undefined)
    throw new Error(`${name} has no words in dashboards/rules/table.ts: say when it fires`);
  return `| [${name}](${name}.md)${optional ? ' (optional)' : ''} | ${severity} | ${when} |`;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** The minutes are those from the first bad value to the alert: the range of the expression and its `for`. */
const FIRES_WHEN: Readonly<Record<string, string>> = {
  MemoryPressureRed: 'memory pressure is red for 15 minutes',
  MemoryPressureCritical: `the kernel calls it critical, or it is red and more than ${SWAPPED_OUT / 1e6} MB/s go to swap, for 10 minutes`,
  MetalMemoryNearLimit: `more than ${percent(METAL_ALLOC.nearLimit)} of what Metal recommends is allocated for 15 minutes`,
  MacDown: 'no scrape succeeds for 15 minutes',
  MacFleetDown: `${percent(FLEET_DOWN)} of the Macs, and at least two, are down for 10 minutes`,
  MacSilent: 'an agent that wrote within the last day writes nothing for 15 minutes',
  MacDiedUnderPressure: 'a Mac is gone for 7 minutes, and its last word on memory was critical',
  MacRebooted: `the boot time moved by more than ${BOOT_TIME_MOVED} s within the last hour`,
  ThermalPressureHeavy: 'thermal pressure is heavy or worse for 20 minutes',
  ThermalPressureCritical: 'thermal pressure is trapping or worse for 10 minutes',
  FanStopped: 'a fan that should turn stands still for 10 minutes',
  TemperatureHigh: `the hottest core, or part of the GPU, is above ${TEMPERATURE.hot} °C for 15 minutes`,
  GpuThermallyLimited: `the GPU is active for more than ${percent(GPU_ACTIVE)} of the time, and limited by heat for more than ${percent(CLTM_SHARE)} of that, for 20 minutes`,
  GpuRecovered: 'the GPU hung, and was restarted, within the last 15 minutes',
  CollectorFailing: 'a collector fails for 15 minutes',
  EnergyRailDead: `the counter of a rail is older than ${PUBLICATION_AGE} s for 20 minutes`,
  ExporterRestarting: `the exporter started more than ${RESTARTS} times within the last hour`,
  MacNotLive: 'the exporter plays a machine file for 10 minutes',
};
