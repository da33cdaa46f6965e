// Lines of text that fit a terminal, with colours where they are wanted.

export const WIDTH = 100;

export type Paint = (colour: keyof typeof COLOURS, text: string) => string;

const COLOURS = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** https://no-color.org: any text but an empty one switches colours off. */
export const wantsColours = (stream: { readonly isTTY?: boolean }): boolean =>
  stream.isTTY === true && (process.env['NO_COLOR'] ?? '') === '';

export const painter =
  (colours: boolean): Paint =>
  (colour, text) =>
    colours ? `\x1b[${COLOURS[colour]}m${text}\x1b[0m` : text;

/** Breaks at blanks: the first line begins with `first`, the others are indented as far. A word too long is cut up. */
export function wrap(first: string, text: string): readonly string[] {
  const room = WIDTH - first.length;
  const words = text.split(' ').flatMap((word) => word.match(new RegExp(`.{1,${room}}`, 'gu')) ?? []);
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line, i) => (i === 0 ? first : ' '.repeat(first.length)) + line);
}

/** `1 key`, `2 keys`, `3 families`. */
export const counted = (count: number, noun: string): string =>
  `${count} ${count === 1 ? noun : noun.endsWith('y') && !noun.endsWith('ey') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
