// What the Mac mini (M1, 2020) was doing. All made up to fit, but for the watts that name a source.
import { app, building as builds, bundle, chrome, drawing, FINDER, terminal, windowServer } from './programs';
import type { Moment, Step, Workload } from './types';

const WINDOW_SERVER = 391;

const past: Step = {
  cpu: { E: { busy: 0.16, clock: 0.55, system: 0.4 }, P: { busy: 0.05, clock: 0.6 } },
  gpu: { awake: 0.12, clock: 0.15, activity: 0.35 },
  rails: {
    ane: 0.004,
    isp: 0.001,
    ave: 0.004,
    msr: 0.003,
    dcs: 0.08,
    dram: 0.16,
    amcc: 0.09,
    disp: 0.06,
    pcie: 0.02,
  },
  paging: { faults: 2600, pageins: 42, compressions: 18, decompressions: 9, swaps: 0.4 },
};
const quiet = { msr: 0.001, dcs: 0.05, dram: 0.09, amcc: 0.05, disp: 0.05, pcie: 0.012 };
const working = {
  ane: 0.06,
  ave: 0.02,
  msr: 0.02,
  dcs: 0.21,
  dram: 0.42,
  amcc: 0.19,
  disp: 0.07,
  pcie: 0.05,
};
const building = { msr: 0.01, dcs: 0.5, dram: 1.02, amcc: 0.41, disp: 0.05, pcie: 0.16 };

const idle: Moment = {
  wired: 1890,
  compressed: 412,
  original: 1377,
  internal: 5120,
  external: 3890,
  speculative: 388,
  purgeable: 171,
  utilization: [3, 2, 1],
  inUse: 96,
  allocated: 402,
  load: [1.52, 1.6, 1.71],
};
const mixed: Moment = {
  ...idle,
  wired: 2010,
  compressed: 1630,
  original: 5480,
  internal: 6870,
  external: 4150,
  swap: 118,
  utilization: [18, 14, 9],
  inUse: 311,
  allocated: 1180,
  load: [3.1, 2.74, 2.4],
};
const load: Moment = {
  ...mixed,
  wired: 2240,
  compressed: 2950,
  original: 9310,
  internal: 7920,
  external: 2480,
  speculative: 96,
  purgeable: 44,
  swap: 731,
  utilization: [2, 1, 1],
  load: [11.4, 9.2, 6.1],
};

export const workloads: readonly Workload[] = [
  {
    name: 'idle',
    about: 'Mac mini (M1, 2020, 8 GPU cores, 16 GB), macOS 15.6: logged in, nobody at it',
    awake: 187_452,
    asleep: 35_610,
    at: [0, 7.02, 16.35, 30.01],
    past,
    steps: [
      {
        cpu: { E: { busy: 0.09, clock: 0.34, system: 0.45 }, P: { busy: 0.006, clock: 0.3, system: 0.4 } },
        gpu: { awake: 0.012, clock: 0, activity: 0.2 },
        rails: quiet,
        paging: { faults: 820, pageins: 1.2 },
      },
      {
        cpu: { E: { busy: 0.14, clock: 0.5, system: 0.42 }, P: { busy: 0.019, clock: 0.45, system: 0.35 } },
        gpu: { awake: 0.034, clock: 0.06, activity: 0.25 },
        rails: { ...quiet, dcs: 0.06, dram: 0.11, pcie: 0.03 },
        paging: { faults: 1530, pageins: 11, compressions: 2 },
      },
      {
        cpu: { E: { busy: 0.075, clock: 0.3, system: 0.47 }, P: { busy: 0.003, clock: 0.22, system: 0.4 } },
        gpu: { awake: 0.006, clock: 0, activity: 0.2 },
        rails: quiet,
        paging: { faults: 610, pageins: 0.4 },
      },
    ],
    frames: [
      idle,
      { ...idle, internal: 5127, utilization: [2, 1, 1], load: [1.47, 1.59, 1.7] },
      { ...idle, internal: 5151, external: 3901, utilization: [4, 3, 2], load: [1.55, 1.6, 1.7] },
      { ...idle, internal: 5138, external: 3899, utilization: [1, 1, 0], load: [1.44, 1.57, 1.69] },
    ],
    pressure: 1,
    swapTotal: 0,
    wiredLimit: 0,
    apps: [windowServer(0.82, WINDOW_SERVER), app(FINDER, 640, { gpu: drawing([0.05, 0.01], 1) })],
    unpopulated: ['DISPEXT'],
    asDumped: true,
  },
  {
    name: 'mixed',
    about: 'Mac mini (M1, 2020, 8 GPU cores, 16 GB), macOS 15.6: browser, video call and an editor',
    awake: 214_906,
    asleep: 35_610,
    at: [0, 6.5, 15.12, 31.44],
    past,
    steps: [
      {
        cpu: { E: { busy: 0.52, clock: 0.85, system: 0.33 }, P: { busy: 0.24, clock: 0.62, system: 0.2 } },
        gpu: { awake: 0.38, clock: 0.25, activity: 0.45 },
        rails: working,
        paging: { faults: 9400, pageins: 130, compressions: 310, decompressions: 140, swaps: 6 },
      },
      {
        cpu: { E: { busy: 0.71, clock: 0.97, system: 0.3 }, P: { busy: 0.41, clock: 0.8, system: 0.18 } },
        gpu: { awake: 0.63, clock: 0.55, activity: 0.6 },
        rails: { ...working, ane: 0.31, dram: 0.61 },
        paging: { faults: 17_300, pageins: 410, compressions: 620, decompressions: 390, swaps: 21 },
      },
      {
        cpu: { E: { busy: 0.44, clock: 0.7, system: 0.36 }, P: { busy: 0.15, clock: 0.5, system: 0.22 } },
        gpu: { awake: 0.29, clock: 0.2, activity: 0.4 },
        rails: { ...working, dram: 0.35, ave: 0.11 },
        paging: { faults: 7800, pageins: 64, compressions: 90, decompressions: 205 },
      },
    ],
    frames: [
      mixed,
      { ...mixed, internal: 6990, compressed: 1652, swap: 121, load: [3.44, 2.83, 2.43] },
      {
        ...mixed,
        internal: 7140,
        compressed: 1701,
        swap: 126,
        utilization: [47, 41, 22],
        load: [4.02, 2.99, 2.5],
      },
      {
        ...mixed,
        internal: 6905,
        compressed: 1688,
        swap: 126,
        utilization: [15, 12, 8],
        load: [3.51, 2.94, 2.49],
      },
    ],
    pressure: 1,
    swapTotal: 1024,
    wiredLimit: 0,
    apps: [
      windowServer(0.44, WINDOW_SERVER),
      chrome([0.22, 0.31, 0.18], drawing([0.31, 0.04], 3), 3),
      app(bundle('zoom.us'), 1388, { cpu: 0.2, ane: [1, 0.9, 1], gpu: drawing([0.12], 2), footprint: 460 }),
      app(bundle('Zed'), 1402, { cpu: [0.08, 0.12, 0.06], footprint: 390 }),
    ],
  },
  {
    name: 'load',
    about: 'Mac mini (M1, 2020, 8 GPU cores, 16 GB), macOS 15.6: compiling on all cores',
    awake: 229_318,
    asleep: 35_610,
    at: [0, 7.4, 16.9, 30.25],
    past,
    steps: [
      {
        cpu: { E: { busy: 0.97, clock: 1, system: 0.22 }, P: { busy: 0.96, clock: 0.79, system: 0.14 } },
        gpu: { awake: 0.03, clock: 0.05, activity: 0.2 },
        rails: building,
        paging: { faults: 96_000, pageins: 620, compressions: 5200, decompressions: 2900, swaps: 310 },
      },
      {
        cpu: { E: { busy: 0.995, clock: 1, system: 0.2 }, P: { busy: 0.995, clock: 0.78, system: 0.12 } },
        gpu: { awake: 0.02, clock: 0, activity: 0.2 },
        rails: { ...building, dram: 1.21 },
        paging: { faults: 113_000, pageins: 240, compressions: 9800, decompressions: 4100, swaps: 540 },
      },
      {
        cpu: { E: { busy: 0.8, clock: 0.95, system: 0.27 }, P: { busy: 0.58, clock: 0.86, system: 0.19 } },
        gpu: { awake: 0.05, clock: 0.1, activity: 0.2 },
        rails: { ...building, dram: 0.74, pcie: 0.31 },
        paging: { faults: 58_000, pageins: 1900, compressions: 700, decompressions: 3300, swaps: 95 },
      },
    ],
    frames: [
      load,
      { ...load, internal: 7990, compressed: 3010, original: 9560, swap: 762, load: [12.1, 9.44, 6.2] },
      { ...load, internal: 8140, compressed: 3104, original: 9980, swap: 842, load: [12.9, 9.71, 6.33] },
      { ...load, internal: 7480, external: 2900, compressed: 3041, swap: 851, load: [11.8, 9.69, 6.36] },
    ],
    pressure: 2,
    swapTotal: 2048,
    wiredLimit: 0,
    apps: [
      windowServer(0.91, WINDOW_SERVER),
      chrome(0.02, drawing([0.04, 0], 3), 3),
      terminal(...builds(8, 0.86)),
    ],
  },
];
