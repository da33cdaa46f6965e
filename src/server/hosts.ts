// DNS rebinding: a page of the web may let the name of its own server stand for this computer, and have the browser of
// whoever looks at it ask here. Such a name has a dot, is none that stays inside of a network, and is sent as Host.

import { isIP } from 'node:net';

/** Domains that nobody can register (RFC 6761, RFC 6762, ICANN on .internal). */
const INSIDE = ['localhost', 'local', 'internal'];

/** Whether a request with such a Host may pass, besides what is `allowed`. One that has none is not from a browser. */
export function isOwnName(host: string | undefined, allowed: readonly string[]): boolean {
  if (host === undefined) return true;
  const name = nameOf(host);
  return (
    !name.includes('.') ||
    isIP(name) !== 0 ||
    INSIDE.includes(name.slice(name.lastIndexOf('.') + 1)) ||
    allowed.includes(name)
  );
}

/** Without port, brackets and the dot at the end. */
export function nameOf(host: string): string {
  const name = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.replace(/:\d*$/, '');
  return name.replace(/\.$/, '').toLowerCase();
}
