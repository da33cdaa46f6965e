// Options of the commands for a terminal: metalstat's, and a few more.

import { MACHINE_OPTION, type Option } from './options';

export const STATUS_OPTIONS: readonly Option[] = [
  { name: 'show-cpu', short: 'c', help: 'CPU utilisation, each kind of cores' },
  { name: 'show-power', short: 'P', help: 'power of each rail' },
  { name: 'show-memory', short: 'm', help: 'wired, active, inactive and compressed memory' },
  { name: 'show-gpu-mem', short: 'g', help: 'Metal memory in use, and the most that Metal recommends' },
  { name: 'show-swap', short: 's', help: 'swap' },
  { name: 'show-ane', help: 'power of the Neural Engine' },
  { name: 'show-temp', short: 't', help: 'temperatures; not in --show-all' },
  { name: 'show-procs', short: 'p', help: 'the processes with the largest footprint; not in --show-all' },
  { name: 'num-procs', short: 'n', value: 'N', help: 'how many processes', default: '10' },
  { name: 'show-all', short: 'a', help: 'CPU, power, memory, Metal memory, swap and ANE' },
  {
    name: 'interval',
    short: 'i',
    alias: 'watch',
    value: 'SEC',
    isOptional: true,
    help: 'again every so many seconds, in place on a terminal; 1 without a value',
  },
  { name: 'jsonl', help: 'one JSON object a line, with the keys of metalstat' },
  { name: 'meta-json', help: 'what does not change, as one JSON object' },
  {
    name: 'sample-duration',
    value: 'SEC',
    help: 'how long the one sample takes, 1 or more; power on macOS 27 wants 4',
    default: '1',
  },
  { name: 'color', help: 'colours; by default on a terminal, unless NO_COLOR is set', on: true },
  { name: 'header', help: 'the line with host and time', on: true },
  { name: 'debug', help: 'say on standard error what could not be read, and what to do' },
  MACHINE_OPTION,
];

export const RUN_OPTIONS: readonly Option[] = [
  {
    name: 'output',
    short: 'o',
    value: 'PREFIX',
    help: 'writes PREFIX.meta.json, PREFIX.jsonl, PREFIX.log',
    takes: 'file',
  },
  {
    name: 'interval',
    short: 'i',
    value: 'SEC',
    help: 'seconds between two lines of PREFIX.jsonl',
    default: '1',
  },
  { name: 'capture', help: 'writes what the command prints to PREFIX.log too' },
  MACHINE_OPTION,
];

export const RECORD_OPTIONS: readonly Option[] = [
  { name: 'output', short: 'o', value: 'FILE', help: 'the machine file to write', takes: 'file' },
  { name: 'frames', value: 'N', help: 'how many frames', default: '6' },
  { name: 'interval', short: 'i', value: 'SEC', help: 'seconds between two frames', default: '2' },
  { name: 'process-names', help: 'keep the names of processes, which are masked otherwise' },
  {
    name: 'unmask',
    help: 'mask nothing: not serial numbers, UUIDs, nor names of users, hosts and processes',
  },
  MACHINE_OPTION,
];
