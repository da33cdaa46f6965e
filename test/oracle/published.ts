/**
 * Answers that others published, with where. Each list of residencies is quoted as powermetrics printed it
 * (a run of unused steps, which the quotations cut short, is written out with 0 %).
 */

export interface Excerpt {
  readonly source: string;
  readonly unit: string;
  /** MHz */
  readonly frequency: number | undefined;
  /** Percent of the window. */
  readonly residency: number;
  readonly steps: string;
  /** The steps of this excerpt's clusters sum to 100 %, not to the printed residency: shares of active time. */
  readonly ofActiveTime?: boolean;
}

const M5 = 'exelban/stats #3325 (base M5)';
const M1_PRO = 'exelban/stats #985 (M1 Pro)';
const M2_AIR = 'philipturner/applegpuinfo #6 (M2 Air)';

export const CPU_EXCERPTS: readonly Excerpt[] = [
  {
    source: M1_PRO,
    unit: 'E-Cluster',
    frequency: 1541,
    residency: 48.17,
    steps: '600 MHz:   0% 972 MHz:  37% 1332 MHz: 9.8% 1704 MHz:  14% 2064 MHz:  40%',
    ofActiveTime: true,
  },
  {
    source: M1_PRO,
    unit: 'CPU 0',
    frequency: 1618,
    residency: 39.41,
    steps: '600 MHz:   0% 972 MHz:  10% 1332 MHz: 5.1% 1704 MHz: 6.7% 2064 MHz:  17%',
  },
  {
    source: M1_PRO,
    unit: 'CPU 1',
    frequency: 1610,
    residency: 37.43,
    steps: '600 MHz:   0% 972 MHz:  10% 1332 MHz: 5.1% 1704 MHz: 6.3% 2064 MHz:  16%',
  },
  {
    source: M1_PRO,
    unit: 'P0-Cluster',
    frequency: 1099,
    residency: 20.92,
    steps:
      '600 MHz:  38% 828 MHz: 4.5% 1056 MHz:  22% 1296 MHz:  17% 1524 MHz: 6.0% 1752 MHz: 3.6% ' +
      '1980 MHz: 2.0% 2208 MHz: 1.4% 2448 MHz: 2.1% 2676 MHz: 1.2% 2904 MHz: .51% 3036 MHz: .52% ' +
      '3132 MHz: .37% 3168 MHz: .04% 3228 MHz: .99%',
    ofActiveTime: true,
  },
  {
    source: M2_AIR,
    unit: 'CPU 2',
    frequency: undefined,
    residency: 10.28,
    steps:
      '600 MHz:   0% 912 MHz: 7.3% 1284 MHz: .85% 1752 MHz: 1.4% 2004 MHz: .29% 2256 MHz: .12% 2424 MHz: .34%',
  },
  {
    source: M2_AIR,
    unit: 'CPU 3',
    frequency: 1175,
    residency: 7.72,
    steps:
      '600 MHz:   0% 912 MHz: 5.2% 1284 MHz: .60% 1752 MHz: 1.4% 2004 MHz: .18% 2256 MHz: .10% 2424 MHz: .18%',
  },
  {
    source: 'context-labs/mactop #2 (M3 Max)',
    unit: 'CPU 7',
    frequency: 1526,
    residency: 0.09,
    steps:
      '1092 MHz: .03% 1356 MHz:   0% 1596 MHz: .04% 1884 MHz: .01% 2172 MHz: .00% 2424 MHz: .01% ' +
      '2616 MHz:   0% 2808 MHz:   0% 2988 MHz:   0% 3144 MHz:   0% 3288 MHz:   0% 3420 MHz:   0% ' +
      '3516 MHz:   0% 3576 MHz:   0% 3624 MHz:   0% 3708 MHz:   0% 3780 MHz:   0% 3864 MHz:   0% ' +
      '3960 MHz:   0% 4056 MHz:   0%',
  },
  {
    source: M5,
    unit: 'E-Cluster',
    frequency: 1609,
    residency: 37.48,
    steps:
      '972 MHz:  22% 1152 MHz: 1.2% 1584 MHz: 1.6% 1992 MHz: .93% 2352 MHz: 3.6% 2700 MHz: 3.2% ' +
      '2964 MHz: .21% 3048 MHz: 5.3%',
  },
  {
    source: M5,
    unit: 'CPU 0',
    frequency: 1631,
    residency: 20.46,
    steps:
      '972 MHz:  10% 1152 MHz: 1.0% 1584 MHz: 1.1% 1992 MHz: .87% 2352 MHz: 3.5% 2700 MHz: 1.8% ' +
      '2964 MHz:   0% 3048 MHz: 1.8%',
  },
  {
    source: M5,
    unit: 'CPU 2',
    frequency: 1795,
    residency: 8.33,
    steps:
      '972 MHz: 2.4% 1152 MHz: .74% 1584 MHz: 1.1% 1992 MHz: .83% 2352 MHz: 1.9% 2700 MHz: .59% ' +
      '2964 MHz:   0% 3048 MHz: .76%',
  },
  {
    source: M5,
    unit: 'CPU 4',
    frequency: 1667,
    residency: 2.99,
    steps:
      '972 MHz: .99% 1152 MHz: .38% 1584 MHz: .30% 1992 MHz: .39% 2352 MHz: .72% 2700 MHz: .01% ' +
      '2964 MHz:   0% 3048 MHz: .20%',
  },
];

export const GPU_EXCERPTS: readonly Excerpt[] = [
  {
    source: 'philipturner/applegpuinfo #7 (M1 Pro)',
    unit: 'GPU HW',
    frequency: 389,
    residency: 8.49,
    steps: '389 MHz: 8.5% 486 MHz:   0% 648 MHz:   0% 778 MHz:   0% 972 MHz:   0% 1296 MHz:   0%',
  },
  {
    source: 'philipturner/applegpuinfo #15 (M3 Air)',
    unit: 'GPU HW',
    frequency: 338,
    residency: 22.25,
    steps:
      '338 MHz:  22% 618 MHz:   0% 796 MHz:   0% 836 MHz:   0% 928 MHz:  0% 952 MHz:   0% 1056 MHz:   0% ' +
      '1053 MHz:   0% 1170 MHz:   0% 1152 MHz:   0% 1278 MHz:   0% 1204MHz:   0% 1338 MHz:   0%',
  },
  {
    source: 'notes of a public agent project (M3 Ultra), first and last step of the list',
    unit: 'GPU HW',
    frequency: 1380,
    residency: 100,
    steps: '338 MHz: 0% 1380 MHz: 100%',
  },
];

/** giampaolo/psutil PR #2222, from the device tree of an M1: frequency in Hz, then millivolts. */
export const M1_P = {
  hex:
    '0046c3230d03000000475a310d0300000048f13e0d0300000049884c20030000002f68592c0300000030ff663f030000' +
    '003196746103000000322d828d03000000fd558eb903000000c87e9aeb030000005d39a51d040000004319b239040000' +
    '003689b83904000000a265bb390400000029f9be39040000',
  megahertz: [600, 828, 1056, 1284, 1500, 1728, 1956, 2184, 2388, 2592, 2772, 2988, 3096, 3144, 3204],
};

/** vladkens/macmon #47 (M5 Max): the CPU tables are in kHz, that of the GPU is in Hz. */
export const M5_MAX_M = {
  hex:
    '00821400fd020000e01519001b03000040651e003e030000002823005c030000607728007a030000203a2d009d030000' +
    '40703100b103000080773500ca03000080653800e3030000a0243b00f7030000e0b43d000604000080b83f0015040000' +
    '605e41002404000020bc41002404000060d5420024040000',
  megahertz: [1344, 1644, 1992, 2304, 2652, 2964, 3240, 3504, 3696, 3876, 4044, 4176, 4284, 4308, 4380],
};

export const M5_MAX_P = {
  hex:
    '60f51300f802000020b818001103000060361e003403000020f9220057030000205e27007503000000f22b0098030000' +
    'e0853000b6030000405e3400d403000000aa3700f203000020693a00fc03000080ca3c0015040000409f3e0029040000' +
    '60e73f0033040000e0a2400033040000605e41003304000020bc410033040000e019420033040000e090430033040000' +
    '00d94400600400000050460060040000',
  megahertz: [
    1308, 1620, 1980, 2292, 2580, 2880, 3180, 3432, 3648, 3828, 3984, 4104, 4188, 4236, 4284, 4308, 4332,
    4428, 4512, 4608,
  ],
};

export const M5_MAX_GPU = {
  hex:
    '000000007d000000807825145302000080c5f71c760200000097e8259e02000000ff712fdf02000000ceed34e9020000' +
    '00afe33a0203000000879c402503000080e373462f03000080bb2c4c5c0300008093e55184030000806b9e57b1030000' +
    '805e0e5efc030000003d8f601f040000',
  megahertz: [0, 338, 486, 636, 796, 888, 988, 1084, 1182, 1278, 1374, 1470, 1578, 1620],
};

/**
 * lablup/all-smi PR #424, M1 Ultra under load: mJ of both dies between two publications, and its printed watts.
 * A tail of 392 and 53 mJ in 26.3 ms is folded into the fifth, as it was there.
 */
export const ULTRA_PUBLICATIONS: readonly (readonly [
  die0: number,
  die1: number,
  ms: number,
  watts: number,
])[] = [
  [25679, 9851, 1689.8, 21.03],
  [6808, 1837, 461.0, 18.75],
  [24078, 6609, 1622.1, 18.92],
  [6260, 1190, 416.1, 17.9],
  [392 + 24150, 53 + 5755, 26.3 + 1613.7, 18.51],
  [7497, 2627, 497.2, 20.36],
  [24610, 5128, 1612.4, 18.44],
];
