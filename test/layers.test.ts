// The layers: imports go down only, and each rule of the layout that a reader relies on.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(__dirname, '..');

const filesBelow = (folder: string, ending: RegExp): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => join(folder, file))
    .sort();

const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const sources = filesBelow('src', /\.ts$/);
const native = filesBelow('addon', /\.(cc|h)$/);

/** Top to bottom. A file may import from its own layer and from those below. */
const LAYERS = [
  'main',
  'index',
  'cli',
  'exporter',
  'server',
  'metrics',
  'sampler',
  'decode',
  'chips',
  'native',
] as const;
/** Importable from the layers named, whatever their place. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  config: ['main', 'cli', 'metrics'],
  version: ['main', 'exporter', 'cli'],
};

const layerOf = (file: string): string => relative('src', file).split('/')[0]!.replace(/\.ts$/, '');

function importsOf(file: string): readonly string[] {
  const specifiers = [...text(file).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) => match[1]!);
  return specifiers.map((specifier) => join(file, '..', specifier.replace(/\.js$/, '')));
}

test.each(sources)('%s imports only from its layer and below', (file) => {
  const layer = layerOf(file);
  for (const imported of importsOf(file)) {
    const target = layerOf(imported);
    if (target === layer) continue;
    if (BESIDE[target]) {
      expect(BESIDE[target]).toContain(layer);
    } else if (layer !== 'config') {
      const [from, to] = [layer, target].map((name) => (LAYERS as readonly string[]).indexOf(name)) as [
        number,
        number,
      ];
      expect(`${imported}: ${from >= 0 && to > from ? 'below' : 'not below'}`).toBe(`${imported}: below`);
    }
  }
});

test('only the top loads the addon; its types may be had by all', () => {
  const loading = sources.filter((file) =>
    importsOf(file).some((imported) => imported.endsWith('native/load')),
  );
  expect(loading).toEqual(['src/exporter.ts']);
});

test('no program is started but the one that run is told to, those that install a service, and those that --first-run compares with', () => {
  expect(sources.filter((file) => text(file).includes('child_process'))).toEqual([
    'src/cli/first_run/surroundings.ts',
    'src/cli/run.ts',
    'src/cli/service/host.ts',
  ]);
  const starting = sources.filter((file) =>
    importsOf(file).some((imported) => imported.endsWith('service/host')),
  );
  expect(starting.filter((file) => !/^src\/cli\/service(\.ts$|\/)/.test(file))).toEqual([]);
});

test('no chip name in code outside src/chips', () => {
  const chip = /['"`][^'"`\n]*\b(M[1-9]|A1[0-9])( Pro| Max| Ultra)?\b[^'"`\n]*['"`]/;
  const code = (file: string) => text(file).replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
  const named = sources.filter((file) => !file.startsWith('src/chips/') && chip.test(code(file)));
  expect(named).toEqual([]);
});

test('napi.h is included by the binding alone', () => {
  expect(native.filter((file) => text(file).includes('<napi.h>'))).toEqual([
    'addon/binding.cc',
    'addon/double/controls_to_js.h',
    'addon/to_js.h',
  ]);
});

test('the sources know neither Node nor the double, no chip, and no CFSTR', () => {
  const own = native.filter(
    (file) => /^addon\/(sources|darwin)\//.test(file) || file.startsWith('addon/runner'),
  );
  expect(own.length).toBeGreaterThan(8);
  for (const file of own) {
    expect(`${file}: ${/napi|double\/|METALSTAT_DOUBLE|CFSTR\(/.test(text(file)) ? 'knows' : 'clean'}`).toBe(
      `${file}: clean`,
    );
    expect(text(file)).not.toMatch(/"[^"\n]*\bM[1-9]\b[^"\n]*"/);
  }
});

test.each([...sources, ...native])('%s is short enough to read in one go', (file) => {
  expect(text(file).split('\n').length).toBeLessThanOrEqual(400);
});
