import type { Facts, Step } from '../types';
import { app, building as builds, bundle, drawing, terminal, windowServer } from '../programs';
import { coresOf, moments, paging, rails, template, tiers } from './parts';

const building = (facts: Facts, busy: number): Step => ({
  cpu: tiers(
    facts,
    { busy: 0.98 * busy, clock: 0.86, system: 0.13 },
    { busy: Math.min(0.99, busy * 1.1), clock: 0.97, system: 0.22 },
  ),
  gpu: { awake: 0.06, clock: 0.05, activity: 0.2 },
  rails: rails(facts, 0.22 * busy, { pcie: 0.1 }),
  paging: paging(facts, busy, { compressions: 40 * busy, decompressions: 12 }),
});

export const compile = template('compile', 'building a large C++ project on all cores', (facts) => ({
  steps: [building(facts, 0.96), building(facts, 0.995), building(facts, 0.62)],
  frames: moments(facts, 'compile', {
    wired: 0.13,
    compressed: 0.06,
    internal: 0.46,
    external: 0.26,
    inUse: 0.01,
    allocated: 0.03,
    load: 1.25,
    device: [3, 5, 2, 4],
  }),
  apps: [
    windowServer(0.8),
    app(bundle('Xcode'), 1207, { cpu: 0.015, gpu: drawing([0.1]), footprint: 1150 }),
    terminal(...builds(coresOf(facts), 0.9)),
  ],
}));
