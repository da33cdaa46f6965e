// All of a machine's IOReport channels, with the ids that tell them apart.
import { bandwidthReports } from './bandwidth';
import { cpuReports, type Cpu } from './cpu';
import { energyReports } from './energy';
import { gpuReports, type GpuTrace } from './gpu';
import type { Channel, Facts, Report, Workload } from './types';

export function ioreport(facts: Facts, workload: Workload, traces: { cpu: Cpu; gpu: GpuTrace }): Report[] {
  return identify([
    ...energyReports(facts, workload, traces.cpu, traces.gpu),
    ...cpuReports(facts, traces.cpu),
    ...gpuReports(facts, workload),
    ...bandwidthReports(facts, workload),
  ]);
}

/** An id is the name where that fits eight bytes and is free within the driver, else a number. */
function identify(reports: readonly Report[]): Report[] {
  const taken = new Map<number, Set<string>>();
  return reports.map((report) => {
    const ids = taken.get(report.driver[0]) ?? new Set<string>();
    taken.set(report.driver[0], ids);
    const channels = report.channels.map(([, name, ...values]): Channel => {
      const code = Buffer.from(name).toString('hex').padEnd(16, '0');
      const id = code.length > 16 || ids.has(code) ? (ids.size + 1).toString(16).padStart(16, '0') : code;
      ids.add(id);
      return [id, name, ...(constant(values) ? values.slice(0, 1) : values)];
    });
    return { ...report, channels };
  });
}

const constant = (values: readonly unknown[]) => values.every((value) => show(value) === show(values[0]));

const show = (value: unknown) => (typeof value === 'bigint' ? String(value) : JSON.stringify(value));
