// doctor: what of this Mac can be read, what cannot, and what to do about it.

import type { OptionValues } from '../config/settings';
import { aboutThis, loadedAddon } from '../exporter';
import { gather } from './doctor/gather';
import { judge } from './doctor/judge';
import { print } from './doctor/print';
import { painter, wantsColours } from './doctor/text';
import type { Diagnosis } from './doctor/diagnosis';
import { openChosen, playing } from './machine';
import { INTERRUPTED, recordTo } from './record';
import { SavedFile } from './record/save';

/** Of the recording of a bundle: short, as the report has said most. */
const BUNDLE = { frames: 4, interval: 2, masking: 'all' } as const;

export async function doctor(values: OptionValues): Promise<void> {
  const chosen = values['machine'] as string | undefined;
  const path = values['bundle'];
  const bundle = typeof path === 'string' ? new SavedFile(path) : undefined;
  try {
    const diagnosis = await diagnose(chosen, values['json'] === true);
    if (bundle && !(await recordTo(bundle, chosen, { ...BUNDLE, doctor: diagnosis })))
      process.exitCode = INTERRUPTED;
    else if (!diagnosis.ok) process.exitCode = 1;
  } catch (error) {
    bundle?.discard();
    throw error;
  }
}

async function diagnose(chosen: string | undefined, asJson: boolean): Promise<Diagnosis> {
  const { native, machine } = openChosen(chosen);
  try {
    const diagnosis = judge(await gather(native), aboutThis(machine), loadedAddon(machine));
    if (machine && asJson) console.error(playing(machine.name));
    process.stdout.write(
      asJson
        ? `${JSON.stringify(diagnosis, undefined, 2)}\n`
        : print(diagnosis, painter(wantsColours(process.stdout))),
    );
    return diagnosis;
  } finally {
    native.close();
  }
}
