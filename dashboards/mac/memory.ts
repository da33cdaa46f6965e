import { limit, MEMORY_COLOURS } from '../panels/colours';
import { timeline, timeSeries } from '../panels/kinds';
import { mac, rate } from '../panels/query';
import { KERNEL_STATES, PRESSURE_STATES } from '../panels/states';
import type { Row } from '../panels/board';
import { SWAPPED_OUT } from '../thresholds';

export const metalMemory = (w: number, h: number) =>
  timeSeries({
    title: 'Metal memory',
    description:
      'Allocated for the GPU by all processes, the part in use right now (it falls while a loaded model idles), and what Metal recommends as the most. It is unified memory: there is no VRAM. From metal_alloc_bytes, mac_metal_in_use_bytes and mac_metal_recommended_max_bytes.',
    unit: 'bytes',
    w,
    h,
    min: 0,
    queries: [
      { expr: mac('metal_alloc_bytes'), legend: 'allocated' },
      { expr: mac('mac_metal_in_use_bytes'), legend: 'in use' },
      { expr: mac('mac_metal_recommended_max_bytes'), legend: 'recommended maximum' },
    ],
    overrides: [limit('recommended maximum')],
  });

export const pressureTimeline = (w: number, h: number) =>
  timeline({
    title: 'Memory pressure',
    description:
      'Above by the share of memory that is neither wired nor compressed, below the word of the kernel. They differ on a host with the weights of a model wired: red by share and normal to the kernel is healthy. From memory_pressure_level and mac_memory_pressure_kernel_level.',
    unit: 'none',
    w,
    h,
    queries: [
      { expr: mac('memory_pressure_level'), legend: 'by free share' },
      { expr: mac('mac_memory_pressure_kernel_level'), legend: 'kernel' },
    ],
    ...PRESSURE_STATES,
    overrides: [{ of: 'kernel', set: { mappings: KERNEL_STATES.mappings } }],
  });

export const swapping = (w: number, h: number) =>
  timeSeries({
    title: 'Swapping',
    description:
      'Bytes a second of compressed memory to and from swap files. More than 10 MB/s out while the Mac is red pages somebody. From mac_memory_swapped_out_bytes_total and mac_memory_swapped_in_bytes_total.',
    unit: 'Bps',
    w,
    h,
    min: 0,
    softMax: 1e6,
    queries: [
      { expr: rate('mac_memory_swapped_out_bytes_total'), legend: 'out' },
      { expr: rate('mac_memory_swapped_in_bytes_total'), legend: 'in' },
    ],
    steps: [
      [null, 'transparent'],
      [SWAPPED_OUT, 'red'],
    ],
    overrides: [
      { of: 'out', set: { color: { mode: 'fixed', fixedColor: 'red' } } },
      { of: 'in', set: { color: { mode: 'fixed', fixedColor: 'blue' } } },
    ],
  });

export const memory: Row = {
  title: 'Metal and unified memory',
  panels: [
    timeSeries({
      title: 'Memory',
      description:
        'What the memory is used for. App, wired and compressed together are what Activity Monitor calls used; cached files can be dropped at once. From mac_memory_app_bytes and its like.',
      unit: 'bytes',
      w: 12,
      h: 8,
      min: 0,
      stacked: true,
      queries: [
        { expr: mac('mac_memory_wired_bytes'), legend: 'wired' },
        { expr: mac('mac_memory_app_bytes'), legend: 'app' },
        { expr: mac('mac_memory_compressed_bytes'), legend: 'compressed' },
        { expr: mac('mac_memory_cached_files_bytes'), legend: 'cached files' },
        { expr: mac('mac_memory_free_bytes'), legend: 'free' },
        { expr: mac('mac_memory_total_bytes'), legend: 'installed' },
      ],
      overrides: [...MEMORY_COLOURS, limit('installed', 'text')],
    }),
    metalMemory(12, 8),
    pressureTimeline(12, 5),
    timeSeries({
      title: 'Memory that is neither wired nor compressed',
      description:
        'The share that decides the colour: green above 50 %, red below 25 %. It is not free memory. From mac_memory_pressure_free_ratio.',
      unit: 'percentunit',
      w: 12,
      h: 5,
      min: 0,
      max: 1,
      queries: [{ expr: mac('mac_memory_pressure_free_ratio'), legend: 'share' }],
      steps: [
        [null, 'red'],
        [0.25, 'yellow'],
        [0.5, 'green'],
      ],
    }),
    swapping(8, 7),
    timeSeries({
      title: 'Swap in use',
      description:
        'Size of the swap files and what of it is in use. It stays high after the pressure is over. From mac_swap_used_bytes and mac_swap_total_bytes.',
      unit: 'bytes',
      w: 8,
      h: 7,
      min: 0,
      softMax: 2 ** 30,
      queries: [
        { expr: mac('mac_swap_used_bytes'), legend: 'used' },
        { expr: mac('mac_swap_total_bytes'), legend: 'size' },
      ],
      overrides: [limit('size', 'text')],
    }),
    timeSeries({
      title: 'Compressor',
      description:
        'What the compressor holds, before and after. From mac_memory_compressor_original_bytes and mac_memory_compressed_bytes.',
      unit: 'bytes',
      w: 8,
      h: 7,
      min: 0,
      queries: [
        { expr: mac('mac_memory_compressor_original_bytes'), legend: 'unpacked' },
        { expr: mac('mac_memory_compressed_bytes'), legend: 'compressed' },
      ],
    }),
  ],
};
