import { statPanel, type Stat } from '../panels/kinds';
import { busyCpus, chipJoules, chipKilowattHours, knownCpus, mac, rate, up } from '../panels/query';
import type { Row } from '../panels/board';
import { FLEET_DOWN, KERNEL_PRESSURE, THERMAL } from '../thresholds';

type Tile = Pick<Stat, 'title' | 'description' | 'steps' | 'absent'> & {
  readonly expr: string;
  readonly unit?: Stat['unit'];
  readonly decimals?: number;
  readonly instant?: true;
};

const bad: Stat['steps'] = [
  [null, 'green'],
  [1, 'red'],
];

const tile = ({ title, description, expr, steps, absent, unit = 'none', decimals, instant }: Tile) =>
  statPanel({
    title,
    description,
    unit,
    w: 3,
    h: 4,
    ...(steps && { steps }),
    ...(steps === bad ? { filled: true } : {}),
    ...(absent !== undefined && { absent }),
    ...(decimals !== undefined && { decimals }),
    plain: true,
    queries: [{ expr, legend: title, ...(instant && { instant }) }],
  });

export const fleetNow: Row = {
  title: 'Now',
  panels: [
    tile({
      title: 'Answering',
      description: 'Share of the Macs chosen that answer scrapes. From up.',
      unit: 'percentunit',
      decimals: 0,
      expr: `avg(${up()})`,
      steps: [
        [null, 'red'],
        [1 - FLEET_DOWN, 'yellow'],
        [1, 'green'],
      ],
    }),
    tile({
      title: 'Down',
      description: 'Macs that do not answer scrapes. From up.',
      expr: `sum(1 - ${up()})`,
      steps: bad,
    }),
    tile({
      title: 'Out of memory',
      description: 'Macs whose kernel calls memory pressure critical. From mac_memory_pressure_kernel_level.',
      expr: `sum(${mac('mac_memory_pressure_kernel_level')} == bool ${KERNEL_PRESSURE.critical})`,
      steps: bad,
    }),
    tile({
      title: 'Red',
      description:
        'Macs whose memory pressure is red by the free share; usual on hosts that serve models. From mac_memory_pressure_state.',
      expr: `sum(${mac('mac_memory_pressure_state', 'state="red"')})`,
      steps: [
        [null, 'green'],
        [1, 'orange'],
      ],
    }),
    tile({
      title: 'Too hot',
      description: 'Macs whose thermal pressure is heavy or worse. From mac_thermal_pressure_level.',
      expr: `sum(${mac('mac_thermal_pressure_level')} >= bool ${THERMAL.heavy})`,
      steps: bad,
    }),
    tile({
      title: 'Collectors failing',
      description: 'Over all Macs. From metalstat_exporter_collector_success.',
      expr: `sum(1 - ${mac('metalstat_exporter_collector_success')})`,
      steps: bad,
    }),
    tile({
      title: 'Firing alerts',
      description: 'Critical alerts and warnings that fire, if the rules are loaded. From ALERTS.',
      expr: `count(${mac('ALERTS', 'alertstate="firing",severity!="info"')})`,
      absent: 'none',
      steps: [
        [null, 'green'],
        [1, 'orange'],
      ],
    }),
    tile({
      title: 'Simulated',
      description:
        'Exporters that play a machine file: their values are of no Mac. From metalstat_exporter_machine_info.',
      expr: `sum(count by (origin) (${mac('metalstat_exporter_machine_info', 'origin!="live"')}))`,
      absent: 'none',
      steps: [
        [null, 'text'],
        [1, 'purple'],
      ],
    }),
    tile({
      title: 'Chip power',
      description:
        'Sum of the power rails of all chips; a chip one of whose rails is not published is left out. From mac_energy_joules_total.',
      unit: 'watt',
      decimals: 0,
      expr: `sum(${chipJoules})`,
    }),
    tile({
      title: 'Energy',
      description: 'Kilowatt-hours of all chips in the time that is shown. From mac_energy_joules_total.',
      unit: 'kwatth',
      decimals: 1,
      expr: `sum(${chipKilowattHours('instance')})`,
      instant: true,
    }),
    tile({
      title: 'Cost',
      description: 'The energy of the range by $price, the price of a kilowatt-hour above, in its currency.',
      unit: 'none',
      decimals: 2,
      expr: `sum(${chipKilowattHours('instance')}) * $price`,
      instant: true,
    }),
    tile({
      title: 'GPUs busy',
      description: 'Mean share of time that the GPUs were awake. From mac_gpu_active_seconds_total.',
      unit: 'percentunit',
      decimals: 0,
      expr: `avg(${rate('mac_gpu_active_seconds_total')})`,
    }),
    tile({
      title: 'CPUs busy',
      description: 'Share of all CPUs that is busy. From mac_cpu_utilization_ratio and mac_cpu_cores.',
      unit: 'percentunit',
      decimals: 0,
      expr: `${busyCpus()} / ${knownCpus()}`,
    }),
    tile({
      title: 'Metal free',
      description:
        'What could still be allocated below the recommended maximum, over all Macs. From metal_alloc_bytes and mac_metal_recommended_max_bytes.',
      unit: 'bytes',
      decimals: 1,
      expr: `sum(${mac('mac_metal_recommended_max_bytes')} - ${mac('metal_alloc_bytes')})`,
    }),
    tile({
      title: 'Memory used',
      description: 'Share of all memory that is used. From mac_memory_used_bytes and mac_memory_total_bytes.',
      unit: 'percentunit',
      decimals: 0,
      expr: `sum(${mac('mac_memory_used_bytes')}) / sum(${mac('mac_memory_total_bytes')})`,
    }),
    tile({
      title: 'Swap in use',
      description: 'Over all Macs. From mac_swap_used_bytes.',
      unit: 'bytes',
      decimals: 0,
      expr: `sum(${mac('mac_swap_used_bytes')})`,
    }),
  ],
};
