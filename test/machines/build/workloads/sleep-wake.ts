import type { Step } from '../types';
import { RESTING, resting } from './idle';
import { app, drawing, FINDER, windowServer } from '../programs';
import { moments, paging, template, tiers } from './parts';

/** Between the second and the third frame; the clock stands, so that hardly anything is counted. */
const NAP = 2_538;

export const sleepWake = template(
  'sleep-wake',
  'its lid was closed for three quarters of an hour',
  (facts) => {
    const falling: Step = {
      cpu: tiers(facts, { busy: 0.002, clock: 0.1, down: 0.97 }, { busy: 0.02, clock: 0.1, down: 0.9 }),
      gpu: { awake: 0.001, clock: 0, activity: 0.1 },
      rails: {},
      paging: paging(facts, 0),
      asleep: NAP,
    };
    return {
      at: [0, 8.04, 11.5, 24.61],
      steps: [resting(facts), falling, resting(facts, 3)],
      frames: moments(facts, 'sleep-wake', RESTING),
      apps: [windowServer(0.7), app(FINDER, 655, { gpu: drawing([0.06]) })],
    };
  },
);
