// The shape of an alert.

import type { DashboardName } from '../names';

/** `critical` wakes somebody up, `warning` is looked at the same day, `info` is there for who asks. */
export type Severity = 'critical' | 'warning' | 'info';

/** A duration as Prometheus writes it, from minutes. A test makes an hour of it a minute. */
export type Minutes = (minutes: number) => string;

export interface Alert {
  readonly name: string;
  readonly severity: Severity;
  /** In a few words, with the minutes from the first bad value to the alert: the range of the expression and `for`. */
  readonly when: string;
  /** Level alerts look over 5 minutes: one scrape that failed, or came in part, resets nothing. */
  readonly expr: (m: Minutes) => string;
  /** Minutes for which it must hold; 0 where the expression itself looks back long enough. */
  readonly for: number;
  /** One sentence: what, and where. */
  readonly summary: string;
  /** What the number is, and what to do first. */
  readonly description: string;
  /** Where to look. */
  readonly dashboard: DashboardName;
  /** Labels that name the source of the alert; they select it in the dashboard. */
  readonly by: 'instance' | 'job';
  /** Not for everybody: in a file of its own, which is not loaded by default. */
  readonly optional?: true;
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;
