// Writes test/machines/*.json; with --check it only compares, and exits 1 where a file has drifted.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './check';
import { build } from './machine';
import { MACHINES } from './machines';
import { serialize } from '../../../src/cli/record/serialize';

const folder = join(__dirname, '..');

const files = new Map<string, string>();
for (const { facts, workloads } of MACHINES) {
  for (const workload of workloads) {
    const name = `${facts.model}__${facts.chip}__${facts.macos}__${workload.name}.json`;
    const file = build(facts, workload);
    check(name, file, facts, workload);
    files.set(name, serialize(file));
  }
}

if (process.argv.includes('--check')) {
  const complaints = [
    ...[...files].filter(([name, text]) => read(name) !== text).map(([name]) => `${name}: not what is built`),
    ...built()
      .filter((name) => !files.has(name))
      .map((name) => `${name}: nothing builds it`),
  ];
  for (const complaint of complaints) console.error(complaint);
  process.exitCode = complaints.length === 0 ? 0 : 1;
} else {
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}

function read(name: string): string {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** The files here that came from a builder; recordings of real Macs are none of its business. */
function built(): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.filter((name) => /^ {2}"origin": "built"/m.test(read(name)));
}
