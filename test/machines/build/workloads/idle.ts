import type { Facts, Step } from '../types';
import { app, drawing, FINDER, windowServer } from '../programs';
import { moments, paging, rails, template, tiers, type Shape } from './parts';

export const resting = (facts: Facts, by = 1): Step => ({
  cpu: tiers(
    facts,
    { busy: 0.008 * by, clock: 0.3, system: 0.4, down: 0.8 },
    { busy: 0.1 * by, clock: 0.4, system: 0.44, down: 0.3 },
  ),
  gpu: { awake: 0.04 * by, clock: 0.02, activity: 0.15 },
  rails: rails(facts, 0.002 * by),
  paging: paging(facts, 0.01 * by),
});

export const RESTING: Shape = {
  wired: 0.12,
  compressed: 0.02,
  internal: 0.31,
  external: 0.25,
  inUse: 0.01,
  allocated: 0.03,
  load: 0.18,
  device: [3, 1, 5, 2],
};

export const idle = template('idle', 'logged in, nobody at it', (facts) => ({
  steps: [resting(facts), resting(facts, 1.8), resting(facts, 0.7)],
  frames: moments(facts, 'idle', RESTING),
  apps: [windowServer(0.7), app(FINDER, 655, { gpu: drawing([0.06, 0.01]) })],
  asDumped: true,
}));
