import type { Facts, Step } from '../types';
import { app, bundle, drawing, windowServer } from '../programs';
import { moments, paging, rails, template, tiers } from './parts';

export const hot = (facts: Facts, clock: number, limited: number): Step => ({
  cpu: tiers(
    facts,
    { busy: 0.9, clock: clock * 0.9, system: 0.08 },
    { busy: 0.95, clock: Math.min(1, clock * 1.1), system: 0.12 },
  ),
  gpu: { awake: 0.98, clock, activity: 0.6, limited },
  rails: rails(facts, 0.35 * clock),
  paging: paging(facts, 0.2),
});

export const throttled = template('throttled', 'too hot: its clocks fall under a steady load', (facts) => ({
  steps: [hot(facts, 0.85, 0.25), hot(facts, 0.55, 0.7), hot(facts, 0.35, 0.96)],
  frames: moments(facts, 'throttled', {
    wired: 0.17,
    compressed: 0.03,
    internal: 0.42,
    external: 0.23,
    inUse: 0.09,
    allocated: 0.15,
    load: 1.05,
    device: [95, 96, 97, 97],
  }),
  thermal: [1, 2, 3, 3],
  fans: [0.92, 1, 1, 1],
  apps: [
    windowServer(0.04),
    app(bundle('Blender'), 8816, { cpu: 0.93, gpu: drawing([0.88, 0.02]), footprint: 4800 }),
  ],
}));
