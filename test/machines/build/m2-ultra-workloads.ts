// What the Mac Studio (M2 Ultra, 2023) was doing. All made up to fit, but for the watts that name a source.
import { app, building as builds, bundle, DOCK, drawing, terminal, windowServer } from './programs';
import type { Moment, Step, Workload } from './types';

// vladkens/macmon #17 (idle) and #68 (loaded; it prints one die, here both)
const quiet = { ave: 0.01, msr: 0.01, dcs: 5.43, dram: 1.71, amcc: 3.08, pcie: 0.004 };
const working = { ...quiet, ane: 0.08, ave: 0.06, 'gpu cs': 0.9, dcs: 7.1, dram: 4.6, amcc: 5.2, pcie: 0.06 };
const rendering = { ...quiet, 'gpu cs': 6.07, isp: 0.01, dcs: 10.6, dram: 15.1, amcc: 10, pcie: 0.11 };

const past: Step = {
  cpu: { E: { busy: 0.19, clock: 0.6, system: 0.38 }, P: { busy: 0.11, clock: 0.7, system: 0.2 } },
  gpu: { awake: 0.31, clock: 0.6, activity: 0.46 },
  rails: working,
  paging: { faults: 5400, pageins: 61, compressions: 1.5, decompressions: 0.8 },
};

const idle: Moment = {
  wired: 6100,
  compressed: 0,
  original: 0,
  internal: 21_400,
  external: 38_700,
  speculative: 2650,
  purgeable: 690,
  utilization: [4, 3, 1],
  inUse: 410,
  allocated: 2210,
  load: [1.9, 2.02, 2.1],
};
const mixed: Moment = {
  ...idle,
  wired: 8450,
  compressed: 220,
  original: 830,
  internal: 58_300,
  external: 61_200,
  utilization: [36, 33, 12],
  inUse: 3900,
  allocated: 11_800,
  load: [9.8, 8.1, 6.7],
};
const load: Moment = {
  ...mixed,
  wired: 42_300,
  internal: 71_500,
  external: 55_600,
  utilization: [97, 96, 4],
  inUse: 39_400,
  allocated: 46_900,
  load: [18.6, 15.9, 11.2],
};

const WINDOW_SERVER = 412;
const ABOUT = 'Mac Studio (M2 Ultra, 2023, two dies, 24 CPU and 76 GPU cores, 192 GB), macOS 15.2';

export const workloads: readonly Workload[] = [
  {
    name: 'idle',
    about: `${ABOUT}: idle`,
    awake: 1_037_215,
    asleep: 0,
    at: [0, 7.15, 16.02, 30.6],
    past,
    steps: [
      {
        cpu: { E: { busy: 0.16, clock: 0.5, system: 0.42 }, P: { busy: 0.0015, clock: 0.35 } },
        gpu: { awake: 0.15, clock: 0.42, activity: 0.025 },
        rails: quiet,
        paging: { faults: 1150, pageins: 2 },
      },
      {
        cpu: { E: { busy: 0.23, clock: 0.62, system: 0.4 }, P: { busy: 0.012, clock: 0.55 } },
        gpu: { awake: 0.22, clock: 0.5, activity: 0.03 },
        rails: { ...quiet, dcs: 5.6, dram: 1.9 },
        paging: { faults: 2900, pageins: 35 },
      },
      {
        cpu: { E: { busy: 0.13, clock: 0.42, system: 0.44 }, P: { busy: 0, clock: 0 } },
        gpu: { awake: 0.04, clock: 0.1, activity: 0.02 },
        rails: quiet,
        paging: { faults: 740, pageins: 0 },
      },
    ],
    frames: [
      idle,
      { ...idle, utilization: [3, 2, 1], load: [1.84, 2, 2.09] },
      { ...idle, internal: 21_460, utilization: [6, 5, 2], load: [2.05, 2.04, 2.1] },
      { ...idle, internal: 21_430, utilization: [1, 0, 0], load: [1.73, 1.97, 2.08] },
    ],
    pressure: 1,
    swapTotal: 0,
    wiredLimit: 0,
    apps: [windowServer(0.7, WINDOW_SERVER), app(DOCK, 702, { gpu: drawing([0.02]) })],
    asDumped: true,
  },
  {
    name: 'mixed',
    about: `${ABOUT}: a build on some of the cores beside a 3D viewport`,
    awake: 1_081_904,
    asleep: 0,
    at: [0, 7.02, 15.71, 29.98],
    past,
    steps: [
      {
        cpu: { E: { busy: 0.47, clock: 0.85, system: 0.3 }, P: { busy: 0.34, clock: 0.88, system: 0.16 } },
        gpu: { awake: 0.52, clock: 0.5, activity: 0.3 },
        rails: working,
        paging: { faults: 48_000, pageins: 310 },
      },
      {
        cpu: { E: { busy: 0.68, clock: 0.95, system: 0.26 }, P: { busy: 0.55, clock: 0.92, system: 0.14 } },
        gpu: { awake: 0.71, clock: 0.7, activity: 0.38 },
        rails: { ...working, dcs: 8, dram: 6.4, ane: 0.4 },
        paging: { faults: 91_000, pageins: 120, compressions: 3 },
      },
      {
        cpu: { E: { busy: 0.4, clock: 0.75, system: 0.33 }, P: { busy: 0.18, clock: 0.85, system: 0.17 } },
        gpu: { awake: 0.45, clock: 0.45, activity: 0.25 },
        rails: { ...working, dram: 3.9 },
        paging: { faults: 22_000, pageins: 540 },
      },
    ],
    frames: [
      mixed,
      { ...mixed, internal: 59_900, utilization: [41, 38, 15], load: [10.6, 8.4, 6.8] },
      { ...mixed, internal: 62_750, utilization: [58, 52, 19], load: [12.7, 8.9, 7] },
      { ...mixed, internal: 60_100, utilization: [30, 28, 9], load: [10.9, 8.8, 7] },
    ],
    pressure: 1,
    swapTotal: 0,
    wiredLimit: 0,
    apps: [
      windowServer(0.31, WINDOW_SERVER),
      app(bundle('Blender'), 8816, { cpu: 0.2, gpu: drawing([0.48, 0.09], 4), footprint: 7400 }),
      terminal(...builds(10, [0.55, 0.62, 0.4])),
    ],
  },
  {
    name: 'load',
    about: `${ABOUT}: rendering on the GPU and the CPU`,
    awake: 1_126_440,
    asleep: 0,
    at: [0, 7.3, 16.11, 30.04],
    past,
    steps: [
      {
        cpu: { E: { busy: 0.55, clock: 0.9, system: 0.24 }, P: { busy: 0.86, clock: 0.97, system: 0.05 } },
        gpu: { awake: 0.998, clock: 0.98, activity: 0.66 },
        rails: rendering,
        paging: { faults: 31_000, pageins: 88 },
      },
      {
        cpu: { E: { busy: 0.72, clock: 0.95, system: 0.2 }, P: { busy: 0.97, clock: 0.96, system: 0.04 } },
        gpu: { awake: 1, clock: 0.92, activity: 0.7, limited: 0.38 },
        rails: { ...rendering, dram: 16.8 },
        paging: { faults: 18_000, pageins: 12 },
      },
      {
        cpu: { E: { busy: 0.5, clock: 0.88, system: 0.26 }, P: { busy: 0.62, clock: 0.97, system: 0.06 } },
        gpu: { awake: 0.96, clock: 0.97, activity: 0.61, limited: 0.12 },
        rails: { ...rendering, dram: 13.9 },
        paging: { faults: 44_000, pageins: 430 },
      },
    ],
    frames: [
      load,
      { ...load, utilization: [99, 99, 3], load: [19.3, 16.2, 11.4] },
      { ...load, wired: 43_100, utilization: [99, 98, 3], load: [21.2, 16.8, 11.7] },
      { ...load, wired: 41_800, inUse: 38_800, utilization: [94, 92, 5], load: [19.9, 16.8, 11.8] },
    ],
    pressure: 1,
    swapTotal: 0,
    wiredLimit: 0,
    apps: [
      windowServer(0.01, WINDOW_SERVER),
      app(bundle('Blender'), 8816, {
        cpu: 0.94,
        gpu: drawing([0.93, 0.03], 6),
        disk: [2, 5],
        footprint: 46_000,
      }),
    ],
  },
];
