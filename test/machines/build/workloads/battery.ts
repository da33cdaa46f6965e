import { RESTING, resting } from './idle';
import { drawing, safari, windowServer } from '../programs';
import { moments, template } from './parts';

export const battery = template('battery', 'on its battery, in Low Power Mode', (facts) => ({
  steps: [resting(facts, 0.8), resting(facts, 1.4), resting(facts, 0.6)],
  frames: moments(facts, 'battery', RESTING),
  supply: { charge: 0.63, source: 'battery' },
  lowPower: true,
  apps: [windowServer(0.75), safari(902, 0.2, drawing([0.1]))],
}));
