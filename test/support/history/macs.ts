// Who is in the history, and what each has done, up to its end.

import type { Phase } from '../../machines/build/day';
import type { DoingName } from '../../machines/build/doings';

/** What a Mac did over and over, so that a round ends where the history does. */
export interface HistoryMac {
  readonly host: string;
  /** How the names of its machine files begin. */
  readonly machine: string;
  readonly round: readonly (readonly [doing: DoingName, minutes: number])[];
  /** Of a laptop on its battery, at the beginning and at the end. */
  readonly charge?: readonly [from: number, to: number];
  /** It serves a language model, and makes so many tokens in a second in which the GPU is awake. */
  readonly tokens?: number;
}

export const HISTORY_MACS: readonly HistoryMac[] = [
  {
    host: 'mac-studio-01.farm.example',
    machine: 'Mac15,14__m3-ultra',
    round: [
      ['loaded', 9],
      ['llm', 26],
      ['loaded', 5],
      ['llm', 41],
      ['loaded', 12],
      ['llm', 18],
      ['loaded', 7],
      ['llm', 62],
    ],
    tokens: 31,
  },
  {
    host: 'mac-studio-02.farm.example',
    machine: 'Mac14,14__m2-ultra',
    round: [
      ['idle', 24],
      ['llm', 38],
      ['loaded', 14],
      ['llm', 49],
      ['loaded', 22],
      ['llm', 33],
    ],
    tokens: 24,
  },
  {
    host: 'mac-studio-03.farm.example',
    machine: 'Mac16,9__m4-max',
    round: [
      ['llmBrowser', 55],
      ['idle', 10],
      ['compile', 12],
      ['llmBrowser', 103],
    ],
    tokens: 38,
  },
  {
    host: 'mac-studio-04.farm.example',
    machine: 'Mac13,1__m1-max',
    round: [
      ['video', 48],
      ['idle', 31],
      ['video', 66],
      ['idle', 35],
    ],
  },
  {
    host: 'mac-mini-01.farm.example',
    machine: 'Mac16,10__m4',
    round: [
      ['idle', 11],
      ['compile', 19],
      ['idle', 6],
      ['buildFarm', 24],
    ],
  },
  {
    host: 'mac-mini-02.farm.example',
    machine: 'Mac16,10__m4',
    round: [
      ['buildFarm', 37],
      ['idle', 9],
      ['compile', 14],
    ],
  },
  {
    host: 'mac-mini-03.farm.example',
    machine: 'Mac14,12__m2-pro',
    round: [
      ['compile', 8],
      ['idle', 5],
      ['compile', 13],
      ['idle', 18],
      ['buildFarm', 16],
    ],
  },
  {
    host: 'mac-mini-04.farm.example',
    machine: 'Macmini9,1__m1',
    round: [
      ['idle', 52],
      ['compile', 33],
      ['goesRed', 46],
      ['idle', 14],
      ['compile', 35],
    ],
  },
  {
    host: 'macbook-pro-01.farm.example',
    machine: 'Mac17,9__m5-pro',
    round: [
      ['idle', 25],
      ['compile', 9],
      ['idle', 44],
      ['compile', 6],
      ['idle', 36],
    ],
    charge: [0.94, 0.31],
  },
  {
    host: 'macbook-pro-02.farm.example',
    machine: 'Mac17,6__m5-max',
    round: [
      ['compile', 21],
      ['idle', 17],
      ['llmBrowser', 46],
      ['idle', 6],
    ],
  },
  {
    host: 'macbook-air-01.farm.example',
    machine: 'Mac14,2__m2',
    round: [
      ['idle', 71],
      ['throttled', 52],
      ['idle', 57],
    ],
  },
  {
    host: 'macbook-neo-01.farm.example',
    machine: 'Mac17,5__a18-pro',
    round: [
      ['idle', 33],
      ['video', 11],
      ['idle', 46],
    ],
    charge: [0.99, 0.62],
  },
  {
    host: 'ci-vm-01.farm.example',
    machine: 'VirtualMac2,1',
    round: [
      ['compile', 15],
      ['idle', 8],
      ['buildFarm', 37],
    ],
  },
];

/** The phases of so many seconds, the last of which is that of the round. */
export function phasesOf({ round }: HistoryMac, seconds: number): Phase[] {
  const phases: Phase[] = [];
  let left = seconds;
  for (let n = 1; left > 0; n++) {
    const [doing, minutes] = round[round.length - 1 - ((n - 1) % round.length)]!;
    const lasts = Math.min(left, minutes * 60);
    phases.unshift({ doing, seconds: lasts });
    left -= lasts;
  }
  return phases;
}
