// Template variables: their values, and the text of queries and titles with them put in.

import { stringToJsRegex, type InterpolateFunction, type ScopedVars, type TimeRange } from '@grafana/data';
import type { Request, VariableModel } from './model';
import { labelNames, labelValues, queryInstant } from './prometheus';

export interface Variable {
  readonly model: VariableModel;
  /** The chosen values; `all` when they are all there are. */
  readonly values: string[];
  readonly all: boolean;
}

type Format = string | ((value: string | string[], variable: Variable) => string) | undefined;

const REFERENCE = /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:^}]+))?(?::([^}]+))?\}/g;
const ALL = '$__all';

export class Variables {
  readonly list: Variable[] = [];
  /** References to what is not there. */
  readonly unknown = new Set<string>();

  /** Looks up the values, each variable with those before it put in. */
  static async load(
    models: VariableModel[],
    request: Request,
    range: TimeRange,
    errors: string[],
  ): Promise<Variables> {
    const variables = new Variables();
    const asked = new Set(Object.keys(request.variables));
    for (const model of models) {
      asked.delete(model.name);
      try {
        variables.list.push(await variables.#choose(model, request.variables[model.name], range));
      } catch (error) {
        errors.push(`variable ${model.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    for (const name of asked) errors.push(`variable ${name}: the dashboard has no such variable`);
    return variables;
  }

  async #choose(model: VariableModel, asked: string[] | undefined, range: TimeRange): Promise<Variable> {
    const options = await this.#options(model, range);
    const current = [model.current?.value ?? []].flat().filter((value) => value !== '');
    const known = current.filter(
      (value) => value === ALL || options.includes(value) || model.type === 'textbox',
    );
    const first = options.length ? [options[0]!] : [];
    const chosen = asked ?? (known.length ? known : model.includeAll ? [ALL] : first);
    const all = Boolean(model.includeAll) && (chosen.includes(ALL) || chosen.includes('All'));
    if (!all && !chosen.length && model.type === 'query') throw new Error('no values');
    const missing =
      asked && !all && model.type === 'query' ? asked.filter((value) => !options.includes(value)) : [];
    if (missing.length) throw new Error(`no value ${missing.join(', ')}; there are ${options.join(', ')}`);
    return { model, values: all ? options : chosen, all };
  }

  async #options(model: VariableModel, range: TimeRange): Promise<string[]> {
    const query = typeof model.query === 'object' ? (model.query.query ?? '') : (model.query ?? '');
    switch (model.type) {
      case 'query':
        return sorted(filtered(await this.#ask(this.replace(query), range), model.regex), model.sort ?? 0);
      case 'custom':
      case 'interval':
        return (query.match(/(?:\\,|[^,])+/g) ?? []).map((text) =>
          text
            .trim()
            .replace(/^.+ : /, '')
            .replaceAll('\\,', ','),
        );
      case 'constant':
      case 'textbox':
        return [query];
      case 'datasource':
        return ['Prometheus'];
      default:
        throw new Error(`the viewer does not know the type ${model.type}`);
    }
  }

  async #ask(query: string, range: TimeRange): Promise<string[]> {
    const [start, end] = [range.from.valueOf() / 1000, range.to.valueOf() / 1000];
    const values = /^label_values\((?:(.+),\s*)?([\w-]+)\s*\)\s*$/.exec(query);
    if (values) return labelValues(values[2]!, start, end, values[1]?.trim());
    const names = /^label_names\(\s*(.*?)\s*\)\s*$/.exec(query);
    if (names) return labelNames(start, end, names[1] || undefined);
    const metrics = /^metrics\(\s*(.*?)\s*\)\s*$/.exec(query);
    if (metrics)
      return (await labelValues('__name__', start, end)).filter((name) => new RegExp(metrics[1]!).test(name));
    const result = /^query_result\((.+)\)\s*$/.exec(query);
    if (!result) throw new Error(`the viewer cannot read the query ${query}`);
    return (await queryInstant(result[1]!, end)).samples.map(({ metric, values: points }) => {
      const { __name__ = '', ...labels } = metric;
      const inner = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
      return `${__name__}{${inner.join(',')}} ${points[0]![1]} ${points[0]![0] * 1000}`;
    });
  }

  readonly replace: InterpolateFunction = (text, scoped, format) =>
    this.#replace(text, scoped, format as Format);

  #replace(text: string, scoped: ScopedVars | undefined, format: Format): string {
    return text.replace(
      REFERENCE,
      (
        reference,
        plain?: string,
        square?: string,
        squareFormat?: string,
        braced?: string,
        path?: string,
        own?: string,
      ) => {
        const name = plain ?? square ?? braced ?? '';
        const context = scoped?.[name]?.value as unknown;
        if (context !== undefined) return String(path ? (dig(context, path) ?? '') : context);
        const data = fromData(name, path, scoped);
        if (data !== undefined) return data;
        const variable = this.list.find(({ model }) => model.name === name);
        if (!variable) {
          if (!/^(__|\d)/.test(name)) this.unknown.add(reference);
          return reference;
        }
        return formatted(variable, own ?? squareFormat ?? format);
      },
    );
  }

  /** A PromQL expression with variables as Grafana's Prometheus data source puts them in. */
  query(expr: string, builtIn: Readonly<Record<string, string>>): string {
    const scoped = Object.fromEntries(Object.entries(builtIn).map(([name, value]) => [name, { value }]));
    return this.#replace(expr, scoped, promql);
  }
}

/** What stands for a variable without a format of its own in a query. */
function promql(value: string | string[], { model }: Variable): string {
  if (!model.multi && !model.includeAll) return [value].flat().join('').replace(/'/g, "\\\\'");
  const escaped = [value].flat().map((one) => regexEscape(one).replace(/'/g, "\\\\'"));
  return Array.isArray(value) && escaped.length > 1 ? `(${escaped.join('|')})` : escaped.join('');
}

const regexEscape = (text: string) => text.replace(/\\/g, '\\\\\\\\').replace(/[$^*{}[\]+?.()|]/g, '\\\\$&');

function formatted(variable: Variable, format: Format): string {
  const { model, values, all } = variable;
  if (all && model.allValue) return model.allValue;
  const value = values.length === 1 && !model.multi ? values[0]! : values;
  if (typeof format === 'function') return format(value, variable);
  const js = (one: string) => one.replace(/[/\\^$*+?.()|[\]{}]/g, '\\$&');
  switch (format) {
    case 'regex':
      return values.length > 1 ? `(${values.map(js).join('|')})` : values.map(js).join('');
    case 'pipe':
      return values.join('|');
    case 'csv':
    case 'raw':
      return values.join(',');
    case 'text':
      return all ? 'All' : values.join(' + ');
    case 'queryparam':
      return (all ? [ALL] : values).map((one) => `var-${model.name}=${encodeURIComponent(one)}`).join('&');
    case 'percentencode':
    case 'uriencode':
      return encodeURIComponent(values.length > 1 ? `{${values.join(',')}}` : values.join(''));
    case 'doublequote':
      return values.map((one) => `"${one}"`).join(',');
    case 'singlequote':
      return values.map((one) => `'${one}'`).join(',');
    case undefined:
    case 'html':
    case 'glob':
      return values.length > 1 ? `{${values.join(',')}}` : values.join('');
    default:
      throw new Error(`the viewer does not know the format ${format} of variable ${model.name}`);
  }
}

/** ${__field.labels.x} and its like, in display names and links. */
function fromData(
  name: string,
  path: string | undefined,
  scoped: ScopedVars | undefined,
): string | undefined {
  const context = scoped?.__dataContext?.value;
  if (!context) return undefined;
  if (name === '__field' || name === '__series') {
    const label = /^labels(?:\.(\w+)|\["?(.+?)"?\])$/.exec(path ?? '');
    if (label) return context.field.labels?.[label[1] ?? label[2]!] ?? '';
    if (name === '__series') return context.frame.name ?? '';
    if (path === 'name' || path === 'displayName')
      return context.field.state?.displayName ?? context.field.name;
  }
  return undefined;
}

function dig(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value);
}

function filtered(values: string[], regex: string | undefined): string[] {
  if (!regex) return [...new Set(values)];
  const pattern = stringToJsRegex(regex);
  const found = values.flatMap((value) => {
    pattern.lastIndex = 0;
    const match = pattern.exec(value);
    return match ? [match.groups?.['value'] ?? match[1] ?? match[0]] : [];
  });
  return [...new Set(found)];
}

function sorted(values: string[], sort: number): string[] {
  const compare = [
    undefined,
    (a: string, b: string) => (a < b ? -1 : 1),
    undefined,
    (a: string, b: string) => Number(/\d+/.exec(a)?.[0] ?? -1) - Number(/\d+/.exec(b)?.[0] ?? -1),
    undefined,
    (a: string, b: string) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1),
    undefined,
    (a: string, b: string) => a.localeCompare(b, undefined, { numeric: true }),
  ];
  const by = sort === 0 ? undefined : compare[sort % 2 ? sort : sort - 1];
  const list = by ? [...values].sort(by) : values;
  return sort && sort % 2 === 0 ? list.reverse() : list;
}

/** What the picker of a variable shows. */
export const chosenText = ({ values, all }: Variable): string => (all ? 'All' : values.join(' + '));
