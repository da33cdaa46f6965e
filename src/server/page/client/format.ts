// Numbers as people read them. Three digits at most where more would only flicker.

/** A space that does not break, between a number and its unit. */
const SPACE = '\u00a0';

const fixed = (value: number, digits: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const short = (value: number): string => fixed(value, value < 10 ? 1 : 0);

export const percent = (ratio: number): string => `${short(ratio * 100)}${SPACE}%`;
export const watts = (value: number): string => `${fixed(value, Math.abs(value) < 10 ? 2 : 1)}${SPACE}W`;
export const celsius = (value: number): string => `${fixed(value, 0)}${SPACE}°C`;
export const rpm = (value: number): string => `${fixed(value, 0)}${SPACE}rpm`;
export const megahertz = (hertz: number): string => `${fixed(hertz / 1e6, 0)}${SPACE}MHz`;
export const cores = (value: number): string => `${fixed(value, 2)}${SPACE}cores`;
export const seconds = (value: number): string => `${fixed(value, 1)}${SPACE}s`;

/** Of memory, whose sizes are powers of two. */
export const memory = (bytes: number): string => scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
export const perSecond = (bytes: number): string =>
  scaled(bytes, 1000, ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s']);

export function duration(value: number): string {
  const minutes = Math.round(value / 60);
  const hours = Math.floor(minutes / 60);
  return hours > 0
    ? `${hours}${SPACE}h ${String(minutes % 60).padStart(2, '0')}${SPACE}min`
    : `${minutes}${SPACE}min`;
}

const clock = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** `12:03:20` for Unix seconds. */
export const timeOfDay = (at: number): string => clock.format(at * 1000);

function scaled(bytes: number, step: number, units: readonly string[]): string {
  let value = bytes;
  let i = 0;
  // What would be rounded to a whole step is one.
  while (Math.abs(value) >= step - 0.5 && i < units.length - 1) {
    value /= step;
    i++;
  }
  const digits = i === 0 || value >= 100 ? 0 : 1;
  return `${fixed(value, digits)}${SPACE}${units[i]!}`;
}
