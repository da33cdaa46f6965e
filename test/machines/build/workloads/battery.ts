import { RESTING, resting } from './idle';
import { client, moments, template, windowServer } from './parts';

export const battery = template('battery', 'on its battery, in Low Power Mode', (facts) => ({
  steps: [resting(facts, 0.8), resting(facts, 1.4), resting(facts, 0.6)],
  frames: moments(facts, 'battery', RESTING),
  supply: { charge: 0.63, source: 'battery' },
  lowPower: true,
  clients: [windowServer(0.75), client('902, Safari', 0.1)],
}));
