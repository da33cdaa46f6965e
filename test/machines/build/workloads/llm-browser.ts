import { app, brewed, chrome, drawing, HELPER, member, PRIVATE, RENDERER, windowServer } from '../programs';
import type { App, Facts, Step } from '../types';
import { mibOf, moments, paging, rails, template, tiers } from './parts';

const answering = (facts: Facts, busy: number, ane: number): Step => ({
  cpu: tiers(
    facts,
    { busy: 0.22 * busy, clock: 0.85, system: 0.14, down: 0.08 },
    { busy: 0.3, clock: 0.6, system: 0.3, down: 0.05 },
  ),
  gpu: { awake: 0.96 * busy, clock: 0.9, activity: 0.6 * busy, limited: 0.1 },
  rails: rails(facts, 0.5 * busy, { ane }),
  paging: paging(facts, 0.06),
});

/** Pages open and close; what plays a film draws as long as it plays, and one page now and then. */
function browser(): App {
  const { leader, members = [] } = chrome(0.12, drawing([0.06, 0.02]), 18);
  return {
    leader,
    members: [
      ...members,
      member(RENDERER, 1290, {
        gpu: { ...drawing([0.01]), stay: { from: 4.4, to: 11.9, every: 14 } },
        footprint: 260,
      }),
      member(RENDERER, 1301, { cpu: 0.03, footprint: 210, stay: { from: -3, to: 8.5, every: 6, pids: 4 } }),
      member(HELPER, 1320, {
        cpu: 0.04,
        gpu: drawing([0.03]),
        footprint: 85,
        stay: { from: 2.3, to: 9.8, every: 12.5, pids: 2 },
      }),
    ],
  };
}

/** The ANE works for one app all the time, and for another one after the second frame. */
export const llmBrowser = template(
  'llm-browser',
  'serving a language model beside a browser, while speech is written down on the ANE',
  (facts) => ({
    steps: [answering(facts, 1, 1.4), answering(facts, 0.9, 2.6), answering(facts, 0.95, 2.3)],
    frames: moments(facts, 'llm-browser', {
      wired: 0.58,
      compressed: 0.02,
      internal: 0.21,
      external: 0.13,
      inUse: 0.5,
      allocated: 0.53,
      load: 0.31,
      device: [96, 94, 97, 95],
    }),
    apps: [
      windowServer(0.05),
      browser(),
      app(brewed('llama-server'), 9127, {
        cpu: 0.42,
        gpu: drawing([0.78, 0.02]),
        footprint: mibOf(facts, 0.51),
      }),
      app(brewed('whisperkit-cli'), 9180, { cpu: 0.07, ane: [1, 0.6, 0.55], footprint: 1450 }),
      app(`${PRIVATE}/PhotoAnalysis.framework/Versions/A/Support/photoanalysisd`, 1140, {
        unique: 64_310, // after the pids had begun again
        cpu: [0.01, 0.06, 0.07],
        ane: [0, 0.4, 0.45],
        disk: [3, 0.4],
        footprint: 310,
      }),
    ],
  }),
);
