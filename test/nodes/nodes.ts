// The versions of Node that are supported, and the tests that are run with each.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

/** Those that no version of Node may leave out: the addon, the pages, the server and the command. */
export const QUICK = [
  'cli',
  'contract',
  'double',
  'golden',
  'limits',
  'serve',
  'tune',
  'upgrade',
  'web_config',
] as const;

export interface NodeVersion {
  readonly version: string;
  /** The folder with the program `node`. */
  readonly folder: string;
}

/** Those that are pinned in package.json here, oldest first. */
export function nodeVersions(): readonly NodeVersion[] {
  const { dependencies } = JSON.parse(readFileSync(join(__dirname, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return Object.entries(dependencies).map(([name, spec]) => ({
    version: spec.slice(spec.lastIndexOf('@') + 1),
    folder: join(__dirname, 'node_modules', name, 'bin'),
  }));
}

/** What jest writes with --json. */
export interface Report {
  readonly numTotalTestSuites: number;
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** Its failures as jest prints them. */
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** What failed, each in a line; a suite that did not even load is one. */
export const failuresOf = ({ testResults }: Report): readonly string[] =>
  testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length > 0) return failed.map(({ fullName }) => `${name}: ${fullName}`);
    return status === 'failed' ? [`${name}: does not run`] : [];
  });

export const messagesOf = ({ testResults }: Report): string =>
  testResults.flatMap(({ message }) => (message === '' ? [] : [message])).join('\n');
