// The bytes of a page: written piece by piece into memory that is used again.

import fc from 'fast-check';
import type { Sink } from '../src/metrics/write';
import { PagePool } from '../src/server/shared_page';

const LONG = 'ä'.repeat(40_000);

const write = (text: string) => (memory: Sink) => {
  memory.add(text);
  return Promise.resolve();
};

test('whatever the pieces, page after page holds their bytes and nothing of the one before', async () => {
  const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'mac_x 1\n', LONG));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(piece, { maxLength: 6 }), { maxLength: 5 }), async (pages) => {
      const pool = new PagePool();
      for (const pieces of pages) {
        const page = await pool.share('all', (memory) => {
          pieces.forEach((each) => memory.add(each));
          return Promise.resolve();
        });
        expect(page.plain.equals(Buffer.from(pieces.join('')))).toBe(true);
        page.taken();
      }
    }),
    { numRuns: 50 },
  );
});

test('who still reads a page keeps it while the next one is written', async () => {
  const pool = new PagePool();
  const [one, same] = await Promise.all([pool.share('a', write('one')), pool.share('a', write('never'))]);
  expect(same).toBe(one);
  one.taken();
  const two = await pool.share('a', write('two'));
  expect([one.plain.toString(), two.plain.toString()]).toEqual(['one', 'two']);
  one.taken();
  const three = await pool.share('a', write('three'));
  expect(three.plain.buffer).toBe(one.plain.buffer);
});

test("a page that cannot be written is nobody's, and the next one is written", async () => {
  const pool = new PagePool();
  await expect(pool.share('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const page = await pool.share('a', write('well'));
  expect(page.plain.toString()).toBe('well');
});
