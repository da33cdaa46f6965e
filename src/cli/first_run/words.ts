// Numbers as they are told in a finding.

export const fixed = (value: number, digits = 2): string =>
  Number.isFinite(value) ? value.toFixed(digits) : 'not known';

export const hex = (code: number): string => (code === 0 ? '0' : `0x${(code >>> 0).toString(16)}`);

/** At most some names, and how many more there are. */
export const some = (names: readonly string[], most = 6): string =>
  names.length <= most
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

export const isNear = (value: number, expected: number, tolerance: number): boolean =>
  Math.abs(value / expected - 1) <= tolerance;

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export const range = (values: readonly number[], digits = 4): string =>
  values.length === 0
    ? 'none'
    : `${fixed(Math.min(...values), digits)} to ${fixed(Math.max(...values), digits)}`;
