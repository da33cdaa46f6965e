import { parsePage } from './page';
import { series } from './series';

const family = (...samples: string[]): string =>
  ['# HELP a_total Some \\\\ help.', '# TYPE a_total counter', ...samples, ''].join('\n');

it('reads samples under the keys that the page has', () => {
  const page = parsePage(
    '# HELP mac_load1 Load.\n# TYPE mac_load1 gauge\nmac_load1 1.5\n' +
      family('a_total{x="1",y="\\"}\\n,"} 12', 'a_total{x="2",y=""} 1e+06') +
      '# HELP h A histogram.\n# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_sum 0.5\nh_count 1\n',
  );
  expect([...page.samples]).toEqual([
    ['mac_load1', 1.5],
    ['a_total{x="1",y="\\"}\\n,"}', 12],
    ['a_total{x="2",y=""}', 1_000_000],
    ['h_bucket{le="+Inf"}', 1],
    ['h_sum', 0.5],
    ['h_count', 1],
  ]);
  expect(page.types.get('a_total')).toBe('counter');
  expect(page.help.get('mac_load1')).toBe('Load.');
});

it('has the keys that series() writes', () => {
  const key = series('a_total', { x: 'a\\b"c\nd', y: 'é' });
  expect([...parsePage(family(`${key} 1`)).samples.keys()]).toEqual([key]);
});

it('reads what JavaScript and Go write for a number', () => {
  const page = parsePage(
    [
      '# HELP g G.',
      '# TYPE g gauge',
      ...['NaN', '+Inf', '-Inf', '1e-07', '-0.5', '1.5e+21'].map((n, i) => `g{i="${i}"} ${n}`),
      '',
    ].join('\n'),
  );
  expect([...page.samples.values()]).toEqual([NaN, Infinity, -Infinity, 1e-7, -0.5, 1.5e21]);
});

it.each([
  ['a duplicate', family('a_total 1', 'a_total 2'), 'duplicate'],
  ['a duplicate in another order', family('a_total{x="1",y="2"} 1', 'a_total{y="2",x="1"} 1'), 'duplicate'],
  ['a sample before its TYPE', 'a_total 1\n' + family(), 'no TYPE'],
  ['a TYPE after a sample', family('a_total 1', '# TYPE a_total counter'), 'after a sample'],
  ['a second TYPE', family('# TYPE a_total counter'), 'second TYPE'],
  ['a second HELP', family('# HELP a_total Again.'), 'second HELP'],
  [
    'a family in two groups',
    `${family('a_total 1')}# HELP b B.\n# TYPE b gauge\nb 1\na_total{x="1"} 1\n`,
    'apart',
  ],
  ['a family without HELP', '# TYPE b gauge\nb 1\n', 'no HELP'],
  ['a family without TYPE', '# HELP b B.\n', 'no TYPE'],
  ['an unknown type', '# HELP b B.\n# TYPE b gague\n', 'unknown type'],
  ['a free comment', '# hello\n', 'neither'],
  ['an empty line', '\n', 'not a sample'],
  ['a missing last newline', family('a_total 1').trimEnd(), 'no end'],
  ['a carriage return', family('a_total 1\r'), 'not a sample'],
  ['a timestamp', family('a_total 1 1700000000000'), 'not a sample'],
  ['two spaces', family('a_total  1'), 'not a sample'],
  ['empty braces', family('a_total{} 1'), 'not a sample'],
  ['a trailing comma', family('a_total{x="1",} 1'), 'bad labels'],
  ['a label twice', family('a_total{x="1",x="2"} 1'), 'bad labels'],
  ['an unknown escape', family('a_total{x="\\t"} 1'), 'bad labels'],
  ['an open quote', family('a_total{x="1} 1'), 'bad labels'],
  ['a bad name', family('a-total 1'), 'not a sample'],
  ['a bad number', family('a_total 1,5'), 'not a number'],
  ['undefined', family('a_total undefined'), 'not a number'],
  ['a negative counter', family('a_total -1'), 'below 0'],
  ['a counter that is not a number', family('a_total NaN'), 'below 0'],
  ['a unit that the name lacks', '# HELP b B.\n# TYPE b gauge\n# UNIT b seconds\nb 1\n', 'lacks the unit'],
])('refuses %s', (_, text, message) => {
  expect(() => parsePage(text)).toThrow(message);
});
