// Runs the checks, one after the other. None of them may throw or hold up the others.

import { setTimeout as sleep } from 'node:timers/promises';
import type { About } from '../../metrics/health';
import type { Diagnosis } from '../doctor/diagnosis';
import { notChecked, type Check, type Found, type Verdict } from './check';
import { CHECKS } from './checks';
import type { Mac } from './mac';

/** Seconds of one check, and of all. */
const PATIENCE = 60;
const MOST = 120;

export interface Finding extends Found {
  readonly number: number;
  readonly assumed: string;
  readonly expected: string;
}

export interface FirstRun extends About {
  readonly version: 1;
  readonly mac: Diagnosis['mac'];
  readonly findings: readonly Finding[];
}

export interface RunOptions {
  readonly checks?: readonly Check[];
  /** Before each. */
  progress?(check: Check, of: number): void;
  /** Seconds of one check. */
  readonly patience?: number;
}

export async function runChecks(mac: Mac, options: RunOptions = {}): Promise<readonly Finding[]> {
  const { checks = CHECKS, patience = PATIENCE } = options;
  const end = performance.now() + MOST * 1000;
  const findings: Finding[] = [];
  for (const check of checks) {
    options.progress?.(check, checks.length);
    const left = Math.min(patience * 1000, end - performance.now());
    const { verdict, found } =
      left > 0 ? await within(left, check, mac) : notChecked(`${MOST} s for all checks were over`);
    const { number, assumed, expected } = check;
    findings.push({ number, assumed, expected, verdict, found });
  }
  return findings;
}

export const countOf = (findings: readonly Finding[], verdict: Verdict): number =>
  findings.filter((finding) => finding.verdict === verdict).length;

async function within(milliseconds: number, check: Check, mac: Mac): Promise<Found> {
  const done = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: done.signal })
    .then(() => notChecked(`no answer in ${(milliseconds / 1000).toFixed(0)} s`))
    .catch(() => notChecked('broken off'));
  try {
    return await Promise.race([check.run(mac), late]);
  } catch (error) {
    return notChecked(error instanceof Error ? error.message : String(error));
  } finally {
    done.abort();
  }
}
