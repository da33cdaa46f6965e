import type { Facts, Step } from '../types';
import { brewed, drawing, member, terminal, windowServer } from '../programs';
import { moments, paging, rails, template, tiers } from './parts';

const rendering = (facts: Facts, gpu: Step['gpu'], share: number): Step => ({
  cpu: tiers(
    facts,
    { busy: 0.2, clock: 0.85, system: 0.12, down: 0.1 },
    { busy: 0.18, clock: 0.6, system: 0.3, down: 0.1 },
  ),
  gpu,
  rails: rails(facts, share),
  paging: paging(facts, 0.08),
});

export const gpuRecovery = template(
  'gpu-recovery',
  'a kernel hung on the GPU, and the driver recovered from it',
  (facts) => ({
    steps: [
      rendering(facts, { awake: 0.97, clock: 0.9, activity: 0.6 }, 0.4),
      rendering(facts, { awake: 1, clock: 0.95, activity: 0.02 }, 0.02), // awake, but nothing moves
      rendering(facts, { awake: 0.52, clock: 0.6, activity: 0.4 }, 0.15),
    ],
    frames: moments(facts, 'gpu-recovery', {
      wired: 0.22,
      compressed: 0.02,
      internal: 0.35,
      external: 0.22,
      inUse: 0.1,
      allocated: 0.18,
      load: 0.3,
      device: [96, 100, 0, 48],
    }),
    recoveries: [0, 0, 1, 1],
    apps: [
      windowServer(0.05),
      terminal(member(brewed('python3.12'), 4245, { cpu: 0.7, gpu: drawing([0.8, 0.05]), footprint: 6100 })),
    ],
  }),
);
