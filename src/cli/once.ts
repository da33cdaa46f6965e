// once: one page on standard output. Gauges that need two samples get a window of a second.

import { setTimeout as sleep } from 'node:timers/promises';
import { appRuleOf, OptionError, selectionOf, windowOf, type OptionValues } from '../config/settings';
import { aboutThis, assemble, checkMac } from '../exporter';
import { openChosen, playing } from './machine';
import { toJson } from '../metrics/json';

const FORMATS = ['prometheus', 'openmetrics', 'json'] as const;
/** Seconds. */
const TIMEOUT = 10;
const WINDOW = 1.1;

export async function once(values: OptionValues): Promise<void> {
  const format = FORMATS.find((name) => name === values['format']);
  if (!format)
    throw new OptionError(`--format takes ${FORMATS.join(', ')}, not ${JSON.stringify(values['format'])}`);
  const { native, machine } = openChosen(values['machine'] as string | undefined);
  try {
    const { pages, sampler } = assemble(native, selectionOf(values), aboutThis(machine), {
      window: windowOf(values),
      apps: appRuleOf(values),
    });
    await checkMac(native);
    // A source that hangs is waited for no longer than in a scrape.
    await Promise.race([sampler.discover(), sleep(TIMEOUT * 1000, undefined, { ref: false })]);
    await sleep(WINDOW * 1000);
    if (machine) console.error(playing(machine.name));
    if (format === 'json') {
      process.stdout.write(
        `${JSON.stringify(toJson(pages.families, await pages.collect(TIMEOUT)), undefined, 2)}\n`,
      );
    } else {
      const page = { format: format === 'openmetrics' ? 'openmetrics' : 'text', timeout: TIMEOUT } as const;
      process.stdout.write(await pages.render(page));
    }
  } finally {
    native.close();
  }
}
