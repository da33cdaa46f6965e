// The configuration file: YAML, a mapping from names of options to values. What is on the command line --no-collector.gpu
// is collector.gpu: false in it.

import { readFileSync } from 'node:fs';
import { closest, distance } from 'fastest-levenshtein';
import { parseDocument } from 'yaml';
import type { Option } from './options';
import { OptionError, type OptionValues } from './settings';

/** As commander would give them. */
export function readConfigFile(path: string, options: readonly Option[]): OptionValues {
  const content = parse(path, textOf(path));
  if (content === null) return {};
  if (typeof content !== 'object' || Array.isArray(content))
    throw new OptionError(
      `${path}: expected names of options with their values, such as web.max-requests: 10`,
    );
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => [
      name,
      valueOf(path, optionOf(path, name, options), value),
    ]),
  );
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new OptionError(`cannot read the configuration file ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function parse(path: string, text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: true, logLevel: 'error' });
  const [error] = [...document.errors, ...document.warnings];
  if (error) {
    const [first] = error.message.split(/ at line |\n/, 1);
    throw new OptionError(`${path}: line ${error.linePos?.[0].line ?? 1}: ${first!}`, { cause: error });
  }
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch (cause) {
    // They could make a small file large, or hold itself.
    throw new OptionError(`${path}: aliases (*name) are not taken`, { cause });
  }
}

/** More letters apart than this is another word. */
const NEAR = 4;

function optionOf(path: string, name: string, options: readonly Option[]): Option {
  const option = options.find((each) => each.name === name);
  if (option) return option;
  const names = options.map((each) => each.name);
  const nearest = closest(name, names);
  const hint = distance(name, nearest) <= NEAR ? `; did you mean ${nearest}?` : '; see serve --help';
  // A key can be any text.
  const shown = /^[\w.-]+$/.test(name) ? name : JSON.stringify(name);
  throw new OptionError(`${path}: there is no option ${shown}${hint}`);
}

function valueOf(path: string, { name, value, repeatable, on }: Option, given: unknown): unknown {
  const wrong = (takes: string) =>
    new OptionError(`${path}: ${name} takes ${takes}, not ${JSON.stringify(given)}`);
  if (value === undefined || on) {
    if (typeof given !== 'boolean') throw wrong('true or false');
    return given;
  }
  if (repeatable) {
    const list: readonly unknown[] = Array.isArray(given) ? given : [given];
    if (!list.every(isText) || list.length === 0) throw wrong('one value or a list');
    return list.map(String);
  }
  if (!isText(given)) throw wrong('one value');
  return String(given);
}

const isText = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number';
