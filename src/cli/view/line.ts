// A line of text whose parts have styles, and how wide it is on a terminal.

export type Style = 'bold' | 'dim' | 'name' | 'green' | 'yellow' | 'red' | 'watts';

export interface Span {
  readonly text: string;
  readonly style?: Style | undefined;
}
export type Line = readonly Span[];

export const span = (text: string, style?: Style): Span => ({ text, style });

/** Spans side by side. */
export function joined(lines: readonly Line[], between: string): Line {
  return lines.flatMap((line, i) => (i === 0 ? line : [span(between), ...line]));
}

/** At most `width` columns of a line. */
export function cut(line: Line, width: number): Line {
  let left = width;
  const fitting: Span[] = [];
  for (const { text, style } of line) {
    const part = cutText(text, left);
    left -= widthOf(part);
    fitting.push(span(part, style));
    if (part.length < text.length) break;
  }
  return fitting;
}

export function cutText(text: string, width: number): string {
  let left = width;
  let end = 0;
  for (const { segment } of CHARACTERS.segment(text)) {
    left -= columnsOf(segment);
    if (left < 0) break;
    end += segment.length;
  }
  return text.slice(0, end);
}

export const widthOf = (text: string): number => {
  let width = 0;
  for (const { segment } of CHARACTERS.segment(text)) width += columnsOf(segment);
  return width;
};

export const lineWidth = (line: Line): number => line.reduce((width, { text }) => width + widthOf(text), 0);

export const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** Names of programs may hold anything: what would move the cursor is shown as a question mark. */
export const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');

const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** What terminals draw over two columns. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

const columnsOf = (character: string): number => (WIDE.test(character) ? 2 : 1);
