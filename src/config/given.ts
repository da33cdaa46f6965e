// Values of options, and where each is from: the command line goes before the environment, that before the configuration
// file, and that before the table.

import { environmentName, type Option } from './options';
import { OptionError, type OptionValues } from './settings';

export type Origin = 'command line' | 'environment' | 'file' | 'default';

export interface Given {
  readonly values: OptionValues;
  /** By option; what has no value is not in it. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/** An option that names the file, and one that asks for no more than a check: neither can be in it. */
export const CONFIG_FILE = 'config.file';
export const CONFIG_CHECK = 'config.check';

/** Those that can be in the file. */
export const fileOptions = (options: readonly Option[]): readonly Option[] =>
  options.filter(({ name }) => name !== CONFIG_FILE && name !== CONFIG_CHECK);

/** The file is read anew at each call. Only who has one pays for YAML at the start. */
export async function withFile(given: Given, options: readonly Option[]): Promise<Given> {
  const path = given.values[CONFIG_FILE];
  if (typeof path !== 'string') return given;
  const { readConfigFile } = await import('./config_file');
  const values: Record<string, unknown> = { ...given.values };
  const origins = new Map(given.origins);
  for (const [name, value] of Object.entries(readConfigFile(path, fileOptions(options)))) {
    const origin = origins.get(name);
    if (origin === 'command line' || origin === 'environment') continue;
    values[name] = value;
    origins.set(name, 'file');
  }
  return { values, origins };
}

/** An option that was set, and how a command line sets it. */
export interface SetOption {
  readonly name: string;
  readonly words: readonly string[];
  /** Or else from a variable. */
  readonly isTyped: boolean;
}

/** What the command line or a variable has set. */
export const setOptions = ({ values, origins }: Given): readonly SetOption[] =>
  [...origins].flatMap(([name, origin]) =>
    origin === 'command line' || origin === 'environment'
      ? [{ name, words: wordsOf(name, values[name]), isTyped: origin === 'command line' }]
      : [],
  );

const wordsOf = (name: string, value: unknown): readonly string[] =>
  typeof value === 'boolean'
    ? [value ? `--${name}` : `--no-${name}`]
    : [value].flat().flatMap((each) => [`--${name}`, String(each)]);

/** Runs `use`, and lets what is wrong with a value name the place that it is from. */
export function naming<T>({ values, origins }: Given, use: () => T): T {
  try {
    return use();
  } catch (error) {
    const message = error instanceof OptionError ? error.message : '';
    const [, name, rest] = /^--([\w.-]+)( .*)$/s.exec(message) ?? [];
    if (name === undefined) throw error;
    switch (origins.get(name)) {
      case 'file':
        throw new OptionError(`${String(values[CONFIG_FILE])}: ${name}${rest!}`, { cause: error });
      case 'environment':
        throw new OptionError(`${environmentName(name)}${rest!}`, { cause: error });
      default:
        throw error;
    }
  }
}
