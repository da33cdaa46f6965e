// JSON for reading and for diffs: one channel, property, field or sysctl to a line.

const OPEN = new Set(['clock', 'ioreport', 'channels', 'ioregistry', 'properties', 'children']);
for (const key of ['host', 'vm', 'cpu', 'sysctl', 'smc', 'keys', 'hid', 'notify', 'metal']) OPEN.add(key);
for (const key of ['libproc', 'processes', 'coalition', 'coalitions']) OPEN.add(key);
const OPEN_ITEMS = new Set(['ioreport', 'ioregistry', 'children']);

export const serialize = (value: unknown) => `${open(value, '', '')}\n`;

function open(value: unknown, key: string, indent: string): string {
  const inner = `${indent}  `;
  const show = (child: unknown, childKey: string, isOpen: boolean) =>
    isOpen ? open(child, childKey, inner) : line(child);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => inner + show(item, '', OPEN_ITEMS.has(key)));
    return items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n${indent}]`;
  }
  const fields = entries(value).map(
    ([name, child]) => `${inner}${JSON.stringify(name)}: ${show(child, name, OPEN.has(name))}`,
  );
  return fields.length === 0 ? '{}' : `{\n${fields.join(',\n')}\n${indent}}`;
}

function line(value: unknown): string {
  if (typeof value === 'bigint') return value > Number.MAX_SAFE_INTEGER ? `"${value}"` : String(value);
  if (Array.isArray(value)) return `[${value.map(line).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = entries(value).map(([name, child]) => `${JSON.stringify(name)}: ${line(child)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  return JSON.stringify(value);
}

const entries = (value: unknown): [string, unknown][] => Object.entries(value as Record<string, unknown>);
