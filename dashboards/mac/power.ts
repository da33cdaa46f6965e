import { limit, RAIL_COLOURS } from '../panels/colours';
import { bars, statPanel, timeSeries } from '../panels/kinds';
import { chipKilowattHours, mac, railKilowattHours, railWatts } from '../panels/query';
import type { Row } from '../panels/board';

export const powerByRail = (w: number, h: number) =>
  timeSeries({
    title: 'Power by rail',
    description:
      'Watts of each rail of the chip, exact over each step. The rails are disjoint and add up to the chip. The line is the whole Mac as the SMC estimates it. From mac_energy_joules_total and mac_system_power_watts.',
    unit: 'watt',
    w,
    h,
    min: 0,
    stacked: true,
    queries: [
      { expr: railWatts(), legend: '{{rail}}' },
      { expr: mac('mac_system_power_watts'), legend: 'whole Mac' },
    ],
    overrides: [...RAIL_COLOURS, limit('whole Mac', 'text')],
  });

export const power: Row = {
  title: 'Power and energy',
  panels: [
    powerByRail(16, 11),
    statPanel({
      title: 'Energy of the range',
      description:
        'Kilowatt-hours of the chip in the time that is shown; the screen, the power supply and all else are not in it. Absent while one of its rails is not published. From mac_energy_joules_total.',
      unit: 'kwatth',
      decimals: 1,
      w: 4,
      h: 4,
      plain: true,
      queries: [{ expr: chipKilowattHours('instance'), legend: 'energy', instant: true }],
    }),
    statPanel({
      title: 'Cost of the range',
      description: 'The energy of the range by $price, the price of a kilowatt-hour above, in its currency.',
      unit: 'none',
      decimals: 2,
      w: 4,
      h: 4,
      plain: true,
      queries: [{ expr: `${chipKilowattHours('instance')} * $price`, legend: 'cost', instant: true }],
    }),
    bars({
      title: 'Energy of the range by rail',
      description: 'Kilowatt-hours by rail in the time that is shown. From mac_energy_joules_total.',
      unit: 'kwatth',
      decimals: 1,
      w: 8,
      h: 7,
      min: 0,
      queries: [{ expr: `topk(6, ${railKilowattHours})`, legend: '{{rail}}', instant: true }],
      overrides: RAIL_COLOURS,
    }),
    timeSeries({
      title: 'Adapter and battery',
      description:
        'What comes in from the adapter, and what the battery gives (negative while it charges); absent on Macs without them. From mac_adapter_power_watts and mac_battery_power_watts.',
      unit: 'watt',
      w: 12,
      h: 7,
      queries: [
        { expr: mac('mac_adapter_power_watts'), legend: 'adapter' },
        { expr: mac('mac_battery_power_watts'), legend: 'battery' },
      ],
    }),
    timeSeries({
      title: 'Age of the last publication',
      description:
        'How long ago the driver wrote the counter of each rail. Beyond 10 s the rail is absent, not zero. From metalstat_exporter_rail_publication_age_seconds.',
      unit: 's',
      w: 12,
      h: 7,
      min: 0,
      bare: true,
      queries: [{ expr: mac('metalstat_exporter_rail_publication_age_seconds'), legend: '{{rail}}' }],
      overrides: RAIL_COLOURS,
    }),
  ],
};
