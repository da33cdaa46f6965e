// What the design takes for granted of macOS: one literal for each assumption.

import type { Mac } from './mac';

export type Verdict = 'as expected' | 'different' | 'could not be checked';

export interface Found {
  readonly verdict: Verdict;
  /** What was found; of what could not be checked, why, and how to do it by hand. */
  readonly found: string;
}

export interface Check {
  /** Its place in the list of the README, from 1. */
  readonly number: number;
  /** In a few words, for the README. */
  readonly assumed: string;
  readonly expected: string;
  /** Where none of this is done here. */
  readonly byHand?: true;
  run(mac: Mac): Promise<Found>;
}

export const asExpected = (found: string): Found => ({ verdict: 'as expected', found });
export const different = (found: string): Found => ({ verdict: 'different', found });
export const notChecked = (why: string): Found => ({ verdict: 'could not be checked', found: why });

export const judged = (isRight: boolean, found: string): Found =>
  isRight ? asExpected(found) : different(found);

/** One that wants root, another process, load or somebody at the keys. */
export const byHand = (check: Omit<Check, 'byHand' | 'run'>, how: string): Check => ({
  ...check,
  byHand: true,
  run: () => Promise.resolve(notChecked(`not checked by this; by hand: ${how}`)),
});
