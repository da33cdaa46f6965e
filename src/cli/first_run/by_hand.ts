// What wants load, sleep or somebody at the Mac.

import { byHand } from './check';

export const energyOfLoad = byHand(
  {
    number: 14,
    assumed: "a busy core's energy is in CPU Energy, as the kernel bills it to the process",
    expected: 'one core busy for 5 s: 0.5 to 10 W; CPU Energy less idle within 30 % of ri_energy_nj',
  },
  'run metalstat-exporter run -o spin -- yes >/dev/null for 5 s and compare with powermetrics --show-process-energy',
);

export const sleep = byHand(
  {
    number: 15,
    assumed: 'counters, the subscription and the sensors survive a sleep',
    expected: '60 s asleep: no counter falls, residency leaves the sleep out, all is still read',
  },
  'let metalstat-exporter record -o sleep.json --frames 60 --interval 2 run, choose Sleep, wake the Mac a minute later',
);

export const coreMap = byHand(
  {
    number: 17,
    assumed: 'the logical CPUs are in the order of the device tree',
    expected: "one core busy at a time: the host's ticks and one channel of IOReport move together",
  },
  'threads cannot be bound to a core without root; with taskpolicy -b yes look at which core of status -a is busy',
);

export const gpuLoad = byHand(
  {
    number: 23,
    assumed: 'PerformanceStatistics is a snapshot of the driver, and AppUsage counts GPU time',
    expected: 'read twice in 10 ms: unchanged; a GPU load raises its AppUsage by the active time of GPUPH',
  },
  'start a model, and compare mac_app_gpu_seconds_total of its app with mac_gpu_active_seconds_total',
);
