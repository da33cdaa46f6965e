import type { Facts, Step } from '../types';
import { app, brewed, drawing, windowServer } from '../programs';
import { mibOf, moments, paging, rails, template, tiers } from './parts';

const serving = (facts: Facts, busy: number): Step => ({
  cpu: tiers(
    facts,
    { busy: 0.14 * busy, clock: 0.88, system: 0.1, down: 0.1 },
    { busy: 0.12, clock: 0.5, system: 0.3, down: 0.1 },
  ),
  gpu: { awake: 0.99 * busy, clock: 0.93, activity: 0.66 * busy, limited: 0.12 },
  rails: rails(facts, 0.62 * busy),
  paging: paging(facts, 0.03),
});

/** The weights are wired, so little is left by the kernel's share; but nothing else wants it. */
export const llm = template(
  'llm',
  'serving a language model whose weights are wired, which leaves little memory and harms nobody',
  (facts) => ({
    steps: [serving(facts, 1), serving(facts, 0.92), serving(facts, 0.97)],
    frames: moments(facts, 'llm', {
      wired: 0.775,
      compressed: 0.008,
      internal: 0.105,
      external: 0.065,
      speculative: 0.004,
      purgeable: 0.002,
      inUse: 0.69,
      allocated: 0.71,
      load: 0.14,
      device: [99, 98, 100, 97],
    }),
    apps: [
      windowServer(0.01),
      app(brewed('llama-server'), 9127, {
        cpu: 0.68,
        gpu: drawing([0.93, 0.02]),
        footprint: mibOf(facts, 0.7),
      }),
      app(brewed('open-webui'), 9166, { cpu: 0.06, disk: [0.01, 0.05], footprint: 620 }),
    ],
  }),
);
