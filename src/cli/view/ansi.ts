// What a terminal is told: colours, and the screen of watch mode.

import { cut, lineWidth, type Line, type Style } from './line';

const CODES: Readonly<Record<Style, string>> = {
  bold: '1',
  dim: '2',
  name: '1;36',
  green: '32',
  yellow: '33',
  red: '31',
  watts: '35',
};

export function paint(line: Line, isColoured: boolean): string {
  const paintSpan = ({ text, style }: Line[number]) =>
    isColoured && style && text !== '' ? `\x1b[${CODES[style]}m${text}\x1b[0m` : text;
  return line.map(paintSpan).join('');
}

/** Alternate screen, cursor hidden, no wrapping; and back to how it was. */
export const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
export const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';

/**
 * Writes over what is there and clears the rest: nothing flickers, and terminals that can show it at once. After a line
 * that is as wide as the screen the cursor stands on its last column, which must not be cleared.
 */
export function frame(lines: readonly Line[], { columns, rows }: Size, isColoured: boolean): string {
  const shown = lines.slice(0, rows).map((line) => {
    const fitting = cut(line, columns);
    return `${paint(fitting, isColoured)}${lineWidth(fitting) < columns ? '\x1b[K' : ''}`;
  });
  return `\x1b[?2026h\x1b[H${shown.join('\r\n')}${shown.length < rows ? '\r\n\x1b[J' : ''}\x1b[?2026l`;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}
