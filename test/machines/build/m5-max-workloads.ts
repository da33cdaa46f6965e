// What the MacBook Pro (M5 Max, 2026) was doing. All made up to fit, but for the watts that name a source.
import {
  app,
  brewed,
  building as builds,
  bundle,
  drawing,
  member,
  safari,
  terminal,
  windowServer,
} from './programs';
import type { Moment, Step, Workload } from './types';

// DRAM at rest: 294 mJ in 2158.5 ms (lablup/all-smi #410); the others made up around it
const quiet = { afr: 0.02, msr: 0.01, amcc: 0.11, dcs: 0.16, dram: 0.136, disp: 0.21, fab: 0.09, pcie: 0.01 };
const working = {
  ...quiet,
  ane: 0.15,
  ave: 0.06,
  isp: 0.03,
  amcc: 0.5,
  dcs: 0.7,
  dram: 1.6,
  afr: 0.3,
  fab: 0.3,
};
const serving = { ...quiet, amcc: 2.9, dcs: 4.1, dram: 13.8, afr: 1.3, fab: 1.1, disp: 0.12, pcie: 0.02 };

const past: Step = {
  cpu: {
    M: { busy: 0.12, clock: 0.5, system: 0.35, down: 0.2 },
    P: { busy: 0.06, clock: 0.6, system: 0.2, down: 0.4 },
  },
  gpu: { awake: 0.46, clock: 0.8, activity: 0.5, limited: 0.03 },
  rails: { ...working, dram: 6.1 },
  paging: { faults: 4100, pageins: 190, compressions: 4, decompressions: 2 },
};

const idle: Moment = {
  wired: 5240,
  compressed: 610,
  original: 2150,
  internal: 24_600,
  external: 31_800,
  speculative: 1240,
  purgeable: 930,
  utilization: [2, 2, 1],
  inUse: 520,
  allocated: 2651,
  load: [2.2, 2.31, 2.4],
};
const mixed: Moment = {
  ...idle,
  wired: 7020,
  internal: 41_900,
  external: 38_200,
  utilization: [31, 27, 11],
  inUse: 2950,
  allocated: 7400,
  load: [8.3, 6.9, 5.2],
};
const load: Moment = {
  ...idle,
  wired: 98_750,
  compressed: 1130,
  original: 3720,
  internal: 13_900,
  external: 8450,
  speculative: 310,
  purgeable: 120,
  utilization: [99, 98, 0],
  inUse: 93_300,
  allocated: 94_870,
  load: [3.4, 3.2, 2.9],
};

const compositor = (share: number) => windowServer(share, 438, 3);
const ABOUT = 'MacBook Pro (M5 Max, 2026, 6 Super + 12 Performance cores, 40 GPU cores, 128 GB), macOS 27.0';

export const workloads: readonly Workload[] = [
  {
    name: 'idle',
    about: `${ABOUT}: on the desk, lid open`,
    awake: 262_310,
    asleep: 141_880,
    at: [0, 7.05, 16.22, 30.14],
    past,
    steps: [
      {
        cpu: {
          M: { busy: 0.045, clock: 0.25, system: 0.44, down: 0.34 },
          P: { busy: 0.002, clock: 0.4, system: 0.3, down: 0.91 },
        },
        gpu: { awake: 0.05, clock: 0, activity: 0.15 },
        rails: quiet,
        paging: { faults: 900, pageins: 1.5 },
      },
      {
        cpu: {
          M: { busy: 0.09, clock: 0.45, system: 0.4, down: 0.18 },
          P: { busy: 0.022, clock: 0.62, system: 0.25, down: 0.68 },
        },
        gpu: { awake: 0.11, clock: 0.03, activity: 0.2 },
        rails: { ...quiet, dram: 0.22, pcie: 0.03 },
        paging: { faults: 2100, pageins: 26, compressions: 1 },
      },
      {
        cpu: {
          M: { busy: 0.035, clock: 0.18, system: 0.46, down: 0.41 },
          P: { busy: 0, clock: 0, system: 0.3, down: 0.995 },
        },
        gpu: { awake: 0.03, clock: 0, activity: 0.15 },
        rails: quiet,
        paging: { faults: 650, pageins: 0 },
      },
    ],
    frames: [
      idle,
      { ...idle, utilization: [1, 1, 0], load: [2.12, 2.29, 2.39] },
      { ...idle, internal: 24_650, utilization: [5, 4, 2], load: [2.3, 2.32, 2.4] },
      { ...idle, internal: 24_630, utilization: [1, 1, 0], load: [1.98, 2.25, 2.38] },
    ],
    pressure: 1,
    swapTotal: 0,
    wiredLimit: 0,
    asDumped: true,
    apps: [compositor(0.66), safari(655, 0.1, drawing([0.08, 0.02]))],
  },
  {
    name: 'mixed',
    about: `${ABOUT}: an editor, a build and a small model`,
    awake: 281_774,
    asleep: 141_880,
    at: [0, 6.8, 15.9, 30.33],
    past,
    steps: [
      {
        cpu: {
          M: { busy: 0.38, clock: 0.7, system: 0.24, down: 0.05 },
          P: { busy: 0.29, clock: 0.85, system: 0.12, down: 0.12 },
        },
        gpu: { awake: 0.41, clock: 0.4, activity: 0.35 },
        rails: working,
        paging: { faults: 39_000, pageins: 210 },
      },
      {
        cpu: {
          M: { busy: 0.64, clock: 0.9, system: 0.2, down: 0 },
          P: { busy: 0.58, clock: 0.93, system: 0.1, down: 0 },
        },
        gpu: { awake: 0.77, clock: 0.75, activity: 0.55, limited: 0.04 },
        rails: { ...working, ane: 0.9, dram: 4.2, dcs: 1.6 },
        paging: { faults: 84_000, pageins: 95, compressions: 6 },
      },
      {
        cpu: {
          M: { busy: 0.27, clock: 0.6, system: 0.28, down: 0.08 },
          P: { busy: 0.14, clock: 0.8, system: 0.14, down: 0.33 },
        },
        gpu: { awake: 0.33, clock: 0.3, activity: 0.3 },
        rails: { ...working, dram: 1.3 },
        paging: { faults: 17_000, pageins: 620 },
      },
    ],
    frames: [
      mixed,
      { ...mixed, internal: 42_700, utilization: [44, 40, 13], load: [9.1, 7.1, 5.3] },
      { ...mixed, internal: 44_050, utilization: [69, 66, 10], load: [11.6, 7.7, 5.5] },
      { ...mixed, internal: 42_350, utilization: [28, 24, 9], load: [9.9, 7.6, 5.5] },
    ],
    pressure: 1,
    swapTotal: 0,
    wiredLimit: 0,
    supply: { charge: 0.47, source: 'battery' },
    apps: [
      compositor(0.24),
      terminal(
        member(brewed('python3.12'), 4245, { cpu: 0.12, gpu: drawing([0.51, 0.06]), footprint: 2300 }),
        ...builds(8, [0.5, 0.58, 0.38]),
      ),
      safari(655, 0.04, drawing([0.05], 2)),
      app(bundle('Zed'), 4102, { cpu: 0.05, footprint: 720 }),
    ],
  },
  {
    name: 'load',
    about: `${ABOUT}: serving a language model that nearly fills the memory`,
    awake: 330_092,
    asleep: 141_880,
    at: [0, 7.33, 16.04, 30.5],
    past,
    steps: [
      {
        cpu: {
          M: { busy: 0.11, clock: 0.5, system: 0.3, down: 0.14 },
          P: { busy: 0.17, clock: 0.9, system: 0.1, down: 0.05 },
        },
        gpu: { awake: 0.995, clock: 0.9, activity: 0.62, limited: 0.22 },
        rails: serving,
        paging: { faults: 5200, pageins: 14 },
      },
      {
        cpu: {
          M: { busy: 0.16, clock: 0.58, system: 0.28, down: 0.1 },
          P: { busy: 0.21, clock: 0.92, system: 0.1, down: 0.02 },
        },
        gpu: { awake: 1, clock: 0.86, activity: 0.71, limited: 0.46 },
        rails: { ...serving, dram: 15.2 },
        paging: { faults: 7400, pageins: 3 },
      },
      {
        cpu: {
          M: { busy: 0.09, clock: 0.45, system: 0.32, down: 0.17 },
          P: { busy: 0.12, clock: 0.88, system: 0.11, down: 0.16 },
        },
        gpu: { awake: 0.97, clock: 0.92, activity: 0.57, limited: 0.15 },
        rails: { ...serving, dram: 12.6 },
        paging: { faults: 3900, pageins: 41, compressions: 2 },
      },
    ],
    frames: [
      load,
      { ...load, utilization: [99, 99, 0], load: [3.6, 3.24, 2.91] },
      { ...load, wired: 98_930, internal: 14_020, utilization: [100, 100, 0], load: [3.9, 3.32, 2.95] },
      { ...load, wired: 98_910, inUse: 93_420, utilization: [96, 95, 0], load: [3.5, 3.27, 2.94] },
    ],
    pressure: 1,
    swapTotal: 0,
    wiredLimit: 114_688,
    supply: { charge: 0.81, source: 'mains', charging: true },
    apps: [
      compositor(0.01),
      app(brewed('llama-server'), 9127, { cpu: 0.66, gpu: drawing([0.94, 0.02], 4), footprint: 95_100 }),
    ],
  },
];
