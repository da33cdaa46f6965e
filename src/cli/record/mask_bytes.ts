// Bytes, as hex digits, that may hold text: data of the registry, values of the SMC. They stay as many.

import type { FreeText } from './mask_text';
import type { Words } from './mask_words';

const RUN = /[!-~]+/g;
const IS_TEXT = /^[\0 -~]*$/;
/** What looks like a serial number where nobody knows what the bytes are. */
const SERIAL_RUN = /(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{10,}/g;

export class MaskedBytes {
  constructor(
    private readonly words: Words,
    private readonly text: FreeText,
  ) {}

  serialNumber(hex: string): string {
    const bytes = Buffer.from(hex, 'hex');
    if (!IS_TEXT.test(bytes.toString('latin1'))) return this.words.binary(bytes).toString('hex');
    return masked(hex, (text) => text.replaceAll(RUN, (run) => sized(run, this.words.serial(run))));
  }

  /** A text that nobody reads. */
  name(hex: string): string {
    return masked(hex, (text) => text.replaceAll(RUN, (run) => sized(run, this.words.of(run))));
  }

  /** `isKnown`: a decoder looks for names in it. */
  data(hex: string, isKnown: boolean): string {
    return masked(hex, (text) =>
      isKnown || !IS_TEXT.test(text) ? this.text.maskNumbers(text) : this.text.mask(text),
    );
  }

  unknown(hex: string): string {
    return masked(hex, (text) =>
      this.text.maskNumbers(text).replaceAll(SERIAL_RUN, (run) => sized(run, this.words.of(run))),
    );
  }
}

/** A very short word may have a longer mask. */
const sized = (word: string, mask: string): string => mask.slice(0, word.length);

function masked(hex: string, mask: (text: string) => string): string {
  const text = Buffer.from(hex, 'hex').toString('latin1');
  const result = mask(text);
  return result === text ? hex : Buffer.from(result, 'latin1').toString('hex');
}
