// Writes test/machines/*.json; with --check it only compares, and exits 1 where a file has drifted.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { a18Pro } from './a18-pro';
import { check } from './check';
import { m1 } from './m1';
import { m1Max } from './m1-max';
import { m1Pro } from './m1-pro';
import { m1Ultra, m1UltraLoaded } from './m1-ultra';
import { m2 } from './m2';
import { m2Max } from './m2-max';
import { m2Pro } from './m2-pro';
import { m2Ultra } from './m2-ultra';
import { m3 } from './m3';
import { m3Max } from './m3-max';
import { m3Pro } from './m3-pro';
import { m3Ultra } from './m3-ultra';
import { m4 } from './m4';
import { m4Max } from './m4-max';
import { m4Pro } from './m4-pro';
import { m5 } from './m5';
import { m5Max } from './m5-max';
import { m5Pro } from './m5-pro';
import { build } from './machine';
import { serialize } from './serialize';
import { virtualMac } from './vm';

const MACHINES = [
  m1,
  m1Pro,
  m1Max,
  m1Ultra,
  m1UltraLoaded,
  m2,
  m2Pro,
  m2Max,
  m2Ultra,
  m3,
  m3Pro,
  m3Max,
  m3Ultra,
  m4,
  m4Pro,
  m4Max,
  m5,
  m5Pro,
  m5Max,
  a18Pro,
  virtualMac,
];
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
