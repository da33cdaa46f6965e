// doctor: what of this Mac can be read, what cannot, and what to do about it.

import type { OptionValues } from '../config/settings';
import { aboutThis, loadedAddon } from '../exporter';
import { gather } from './doctor/gather';
import { judge } from './doctor/judge';
import { print } from './doctor/print';
import { painter, wantsColours } from './doctor/text';
import { openChosen, playing } from './machine';

export async function doctor(values: OptionValues): Promise<void> {
  const { native, machine } = openChosen(values['machine'] as string | undefined);
  try {
    const diagnosis = judge(await gather(native), aboutThis(machine), loadedAddon(machine));
    if (machine && values['json'] === true) console.error(playing(machine.name));
    process.stdout.write(
      values['json'] === true
        ? `${JSON.stringify(diagnosis, undefined, 2)}\n`
        : print(diagnosis, painter(wantsColours(process.stdout))),
    );
    if (!diagnosis.ok) process.exitCode = 1;
  } finally {
    native.close();
  }
}
