import type { Facts, Step } from '../types';
import { app, bundle, drawing, FRAMEWORKS, member, windowServer } from '../programs';
import { moments, paging, rails, template, tiers } from './parts';

const VIDEO = `${FRAMEWORKS}/VideoToolbox.framework/Versions/A/XPCServices`;

const exporting = (facts: Facts, by: number): Step => ({
  cpu: tiers(
    facts,
    { busy: 0.3 * by, clock: 0.8, system: 0.16, down: 0.05 },
    { busy: 0.45 * by, clock: 0.85, system: 0.26 },
  ),
  gpu: { awake: 0.55 * by, clock: 0.45, activity: 0.4 },
  rails: rails(facts, 0.25 * by, { ave: 1.4 * by, msr: 0.6 * by, vdec: 0.35 * by, ane: 0.5 * by, isp: 0.02 }),
  paging: paging(facts, 0.12, { pageins: 2600 * by }),
});

export const video = template('video', 'exporting a film through the media engines', (facts) => ({
  steps: [exporting(facts, 1), exporting(facts, 0.85), exporting(facts, 1.1)],
  frames: moments(facts, 'video', {
    wired: 0.16,
    compressed: 0.03,
    internal: 0.38,
    external: 0.36,
    inUse: 0.07,
    allocated: 0.12,
    load: 0.55,
    device: [44, 39, 47, 41],
  }),
  apps: [
    windowServer(0.12),
    app(
      bundle('Final Cut Pro'),
      2290,
      { cpu: 0.7, ane: 0.8, gpu: drawing([0.6, 0.08]), disk: [38, 11], footprint: 5200 },
      member(`${VIDEO}/VTEncoderXPCService.xpc/Contents/MacOS/VTEncoderXPCService`, 2304, { cpu: 0.08 }),
    ),
  ],
}));
