export type Labels = Readonly<Record<string, string>>;

/** A series as the page writes it, labels in the order given. */
export function series(name: string, labels: Labels = {}): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escape(value)}"`);
  return pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name;
}

const escape = (value: string): string =>
  value.replace(/[\\"\n]/g, (special) => (special === '\n' ? '\\n' : `\\${special}`));
