// Preloaded into the command with `node -r`: hands the controls of the double that the command opens to the test.

import { loadDouble } from '../../../src/native/load';
import type { Double, DoubleAddon } from '../../../src/native/native';

/** Of the fields, those that are there are done. */
export interface Control {
  /** A fault plan, in JSON. */
  readonly plan?: string;
  readonly release?: boolean;
  /** Answers with the calls so far, by function. */
  readonly calls?: boolean;
}

const addon = loadDouble();
const open: DoubleAddon['open'] = addon.open.bind(addon);

addon.open = (wants, machine, options) => {
  const double = open(wants, machine, options);
  const plan = process.env['TEST_PLAN'];
  if (plan) double.plan(plan);
  process.on('message', (control: Control) => obey(double, control));
  process.channel?.unref();
  return double;
};

function obey(double: Double, { plan, release, calls }: Control): void {
  if (plan !== undefined) double.plan(plan);
  if (release) double.releaseHangs();
  if (calls) process.send!(double.calls());
}
