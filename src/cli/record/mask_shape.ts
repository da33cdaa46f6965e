// The shape of a word: what a mask of it has in common with it.

const HEX = '[\\dA-Fa-f]';
export const UUID = new RegExp(`${HEX}{8}(?:-${HEX}{4}){3}-${HEX}{12}`, 'g');
/** Longer ones, too: those of Thunderbolt and FireWire have eight bytes. */
export const MAC_ADDRESS = new RegExp(`(?<!${HEX})${HEX}{2}(?::${HEX}{2}){5,}(?!${HEX})`, 'g');
const HEXADECIMAL = new RegExp(`^(?:${UUID.source}|${MAC_ADDRESS.source})$`);
const NATURAL = /^[1-9]\d*$/;

/** Punctuation, blanks and zeros, such as those of the nil UUID, stand for nothing. */
export const tellsNothing = (word: string): boolean =>
  /^[0:-]*$/.test(word) || Array.from(word).every((character) => kindOf(character) === undefined);

/** Of a number and of what is written in hexadecimal no part is a word of its own. */
export const isWhole = (word: string): boolean => NATURAL.test(word) || HEXADECIMAL.test(word);

/**
 * The characters of `word` from `from` on, each replaced by one of its kind: letters by letters of the same case, digits
 * by digits; of a UUID or an address by what may be there. A number stays one that begins with no zero.
 */
export function shaped(word: string, from: number, bytes: Buffer): string {
  const inHexadecimal = HEXADECIMAL.test(word);
  const isNatural = NATURAL.test(word);
  return Array.from(word)
    .slice(from)
    .map((character, i) => {
      const byte = bytes[i]!;
      if (inHexadecimal) return /[:-]/.test(character) ? character : hexadecimalLike(word, byte);
      if (isNatural && i === 0) return String(1 + (byte % 9));
      switch (kindOf(character)) {
        case 'digit':
          return String(byte % 10);
        case 'upper':
          return LETTERS[byte % 26]!.toUpperCase();
        case 'letter':
          return LETTERS[byte % 26]!;
        default:
          return character;
      }
    })
    .join('');
}

/** Whether a number fits into the type that the other one fits into. */
export function fitsLike(word: string, mask: string): boolean {
  if (!NATURAL.test(word)) return true;
  const [number, masked] = [BigInt(word), BigInt(mask)];
  return LIMITS.every((limit) => number > limit || masked <= limit);
}

/** By one character that is of its shape. Of long numbers there are enough, and a longer one might not fit. */
export function longer(word: string): string {
  if (NATURAL.test(word)) return word.length < LONG_NUMBER ? `${word}0` : word;
  return `${word}x`;
}

const LONG_NUMBER = 10;

const LIMITS = [BigInt(Number.MAX_SAFE_INTEGER), 2n ** 63n - 1n, 2n ** 64n - 1n];
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Letters of other alphabets, and pictures, become letters of this one. */
function kindOf(character: string): 'digit' | 'upper' | 'letter' | undefined {
  if (/\d/.test(character)) return 'digit';
  if (/\p{Lu}/u.test(character)) return 'upper';
  if (/\p{L}/u.test(character)) return 'letter';
  return character > '\x7f' && !/[\p{P}\p{Z}\p{C}]/u.test(character) ? 'letter' : undefined;
}

function hexadecimalLike(word: string, byte: number): string {
  const digit = (byte % 16).toString(16);
  return /[A-F]/.test(word) ? digit.toUpperCase() : digit;
}
