// Texts that look like what a parser expects, and are not quite.

import fc from 'fast-check';

export const RUNS = { numRuns: 1_000 } as const;

/** Pieces in any order, and any text at all. */
export const soupOf = (...pieces: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((all) => all.join('')),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 4 })), {
          maxLength: 8,
        })
        .map((all) => all.join('')),
    },
  );

/** A text of these with a few places cut out, doubled or overwritten. */
export const mutated = (
  texts: fc.Arbitrary<string>,
  put: fc.Arbitrary<string> = fc.string({ unit: 'binary', maxLength: 3 }),
): fc.Arbitrary<string> =>
  fc
    .tuple(
      texts,
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.option(put)), { minLength: 1, maxLength: 4 }),
    )
    .map(([text, changes]) =>
      changes.reduce((now, [where, length, instead]) => {
        const at = where % (now.length + 1);
        const cut = now.slice(at, at + length);
        return now.slice(0, at) + (instead ?? cut + cut) + now.slice(instead === null ? at : at + length);
      }, text),
    );

/** The one line of an error of this class, or undefined where nothing is thrown. Whatever else is thrown goes on. */
export function refusal(kind: new (message: string) => Error, what: () => unknown): string | undefined {
  try {
    what();
    return undefined;
  } catch (error) {
    if (!(error instanceof kind)) throw error;
    if (/[\n\r]/.test(error.message)) throw new Error(`more than a line: ${error.message}`, { cause: error });
    return error.message;
  }
}
