// A strict reader of both text formats, written from their specifications: it throws at whatever a page must not have.

import type { Format } from '../../src/metrics/write';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly kind: string;
  readonly help: string;
  readonly unit: string | undefined;
  readonly samples: Sample[];
}

/** Families by the name of their samples. */
export type Page = Map<string, ParsedFamily>;

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Inf|NaN)$/;

export function parse(text: string, format: Format): Page {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the page does not end in a newline');
  const lines = text.split('\n').slice(0, -1);
  if (format === 'openmetrics' && lines.pop() !== '# EOF') throw new Error('the page does not end in # EOF');
  const page: Page = new Map();
  let meta: Meta = {};
  let current: { name: string; family: ParsedFamily } | undefined;
  lines.forEach((line, i) => {
    try {
      if (line.startsWith('# ')) {
        if (current) [meta, current] = [{}, undefined];
        readMeta(line, meta, format);
        return;
      }
      const { name, ...sample } = readSample(line);
      current ??= begin(meta, page, format);
      if (name !== current.name) throw new Error(`a sample of ${name} among those of ${current.name}`);
      const key = JSON.stringify(Object.entries(sample.labels).sort());
      if (current.family.samples.some(({ labels }) => JSON.stringify(Object.entries(labels).sort()) === key))
        throw new Error('the same series twice');
      current.family.samples.push(sample);
    } catch (error) {
      throw new Error(`line ${i + 1}: ${(error as Error).message}: ${line}`, { cause: error });
    }
  });
  if (!current && Object.keys(meta).length > 0) throw new Error('a family without samples');
  return page;
}

interface Meta {
  name?: string;
  HELP?: string;
  TYPE?: string;
  UNIT?: string;
}

function readMeta(line: string, meta: Meta, format: Format): void {
  const [, keyword, name, rest] = /^# (HELP|TYPE|UNIT) (\S+) ([^]*)$/.exec(line) ?? [];
  if (!keyword || !name || rest === undefined) throw new Error('not a line of metadata');
  if (!NAME.test(name)) throw new Error('not a name');
  if (meta.name !== undefined && meta.name !== name) throw new Error(`metadata of ${meta.name} and another`);
  const key = keyword as 'HELP' | 'TYPE' | 'UNIT';
  if (meta[key] !== undefined) throw new Error(`${key} twice`);
  if (key === 'UNIT' && (format === 'text' || !name.endsWith(`_${rest}`)))
    throw new Error('no place for a unit');
  if (key === 'TYPE' && !/^(?:counter|gauge)$/.test(rest)) throw new Error('not a type');
  meta.name = name;
  meta[key] = key === 'HELP' ? unescape(rest, format === 'text' ? /^[\\n]$/ : /^[\\n"]$/) : rest;
}

function begin({ name, HELP, TYPE, UNIT }: Meta, page: Page, format: Format) {
  if (name === undefined || HELP === undefined || TYPE === undefined)
    throw new Error('a sample without HELP or TYPE');
  if (format === 'openmetrics' && TYPE === 'counter' && name.endsWith('_total'))
    throw new Error('a counter family is named without _total');
  const of = format === 'openmetrics' && TYPE === 'counter' ? `${name}_total` : name;
  if (page.has(of)) throw new Error('a family twice');
  const family: ParsedFamily = { kind: TYPE, help: HELP, unit: UNIT, samples: [] };
  page.set(of, family);
  return { name: of, family };
}

function readSample(line: string): Sample & { readonly name: string } {
  const brace = line.indexOf('{');
  const close = line.lastIndexOf('}');
  const name = brace < 0 ? line.split(' ', 1)[0]! : line.slice(0, brace);
  if (!NAME.test(name)) throw new Error('not a sample');
  const rest = line.slice(brace < 0 ? name.length : close + 1);
  if (!rest.startsWith(' ') || !NUMBER.test(rest.slice(1))) throw new Error(`not a number: ${rest}`);
  const value = Number(rest.slice(1).replace('Inf', 'Infinity'));
  return { name, labels: brace < 0 ? {} : readLabels(line.slice(brace + 1, close)), value };
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let at = 0;
  while (at < text.length) {
    const equals = text.indexOf('="', at);
    const label = text.slice(at, equals);
    if (equals < 0 || !LABEL.test(label) || label in labels)
      throw new Error(`not a label: ${text.slice(at)}`);
    let end = equals + 2;
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    if (end >= text.length) throw new Error('an open quote');
    labels[label] = unescape(text.slice(equals + 2, end), /^[\\n"]$/);
    at = end + 1;
    if (at < text.length && text[at++] !== ',') throw new Error('a comma is missing');
  }
  return labels;
}

function unescape(text: string, allowed: RegExp): string {
  return text.replaceAll(/\\(.?)/gs, (_, escaped: string) => {
    if (!allowed.test(escaped)) throw new Error(`not an escape: \\${escaped}`);
    return escaped === 'n' ? '\n' : escaped;
  });
}
