import type { Facts, Step } from '../types';
import { app, bundle, chrome, drawing, windowServer } from '../programs';
import { mibOf, moments, paging, rails, template, tiers } from './parts';

export const thrashing = (facts: Facts, by: number): Step => ({
  cpu: tiers(facts, { busy: 0.38 * by, clock: 0.75, system: 0.55 }, { busy: 0.8, clock: 0.95, system: 0.6 }),
  gpu: { awake: 0.14, clock: 0.1, activity: 0.3 },
  rails: rails(facts, 0.2 * by, { pcie: 0.4 }),
  paging: paging(facts, 0.3, {
    pageins: 900 * by,
    compressions: 14_000 * by,
    decompressions: 11_000 * by,
    swaps: 4200 * by,
  }),
});

export const runsOut = template(
  'runs-out',
  'more is running than the memory holds, and it swaps without end',
  (facts) => ({
    steps: [thrashing(facts, 1), thrashing(facts, 1.3), thrashing(facts, 0.8)],
    frames: moments(facts, 'runs-out', {
      wired: 0.26,
      compressed: 0.53,
      internal: 0.12,
      external: 0.055,
      speculative: 0.003,
      purgeable: 0.001,
      inUse: 0.05,
      allocated: 0.13,
      load: 1.1,
      device: [12, 9, 15, 11],
      swap: [5_210, 5_388, 5_702, 5_811],
    }),
    pressure: 4,
    swapTotal: 7168,
    apps: [
      windowServer(0.6),
      chrome(0.3, drawing([0.2, 0.02]), 14),
      app(bundle('Slack'), 1310, { cpu: 0.04, footprint: 890 }),
      app(bundle('Docker'), 1391, { cpu: 0.12, disk: [40, 22], footprint: mibOf(facts, 0.55) }),
    ],
  }),
);
