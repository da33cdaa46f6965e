// SIGHUP: reads the configuration again. One that is wrong changes nothing.

import type { Given } from '../../config/given';
import { FIXED } from './settings';

export interface Reloading {
  /** The values now, or an error of one line. */
  readonly read: () => Given;
  /** Takes over what can change while the server runs. */
  readonly apply: (next: Given) => Promise<void>;
  /** Whether the last one went well. */
  readonly tell: (isSuccessful: boolean) => void;
}

/** One after the other; what is asked for while one runs is one more. */
export function reloader(first: Given, { read, apply, tell }: Reloading): () => Promise<void> {
  let current = first;
  let isRunning = false;
  let isAsked = false;
  const once = async () => {
    try {
      const next = read();
      const fixed = FIXED.filter((name) => !isSame(current, next, name));
      for (const name of fixed) warn(`${name} has changed and is taken over at the next start`);
      const kept = keeping(current, next, fixed);
      if (changed(current, kept)) await apply(kept);
      current = kept;
      tell(true);
      console.log('The configuration was read again.');
    } catch (error) {
      tell(false);
      warn(`the configuration stays as it was: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return async () => {
    isAsked = true;
    if (isRunning) return;
    isRunning = true;
    while (isAsked) {
      isAsked = false;
      await once();
    }
    isRunning = false;
  };
}

const warn = (text: string): void => console.error(`metalstat-exporter: ${text}`);

const isSame = (a: Given, b: Given, name: string): boolean =>
  JSON.stringify(a.values[name]) === JSON.stringify(b.values[name]);

const changed = (a: Given, b: Given): boolean =>
  [...Object.keys(a.values), ...Object.keys(b.values)].some((name) => !isSame(a, b, name));

/** `next`, with some values as they were. */
function keeping(current: Given, next: Given, names: readonly string[]): Given {
  const values: Record<string, unknown> = { ...next.values };
  for (const name of names) values[name] = current.values[name];
  return { values, origins: next.origins };
}
