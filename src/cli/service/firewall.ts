// Whether the application firewall of macOS drops what other computers ask of this node.
//
// It knows programs by their file, links resolved. `--getappblocked` says "permitted" also of a program that it does not
// know and drops (reported by several projects), so the list is read. What is not on the list gets in by itself only if
// it is signed by Apple or by a developer; Homebrew's node is not, and a daemon has no screen to ask on.

import { existsSync, realpathSync } from 'node:fs';
import { ask, type Host } from './host';

const TOOL = 'sudo /usr/libexec/ApplicationFirewall/socketfilterfw';

/** Lines that say it, the commands that help among them. */
export async function aboutFirewall(node: string, host: Host): Promise<readonly string[]> {
  const file = existsSync(node) ? realpathSync(node) : node;
  const asks = async (...args: readonly string[]) => (await ask(host, 'socketfilterfw', ...args)).text;
  const state = /State = (\d)/.exec(await asks('--getglobalstate'))?.[1];
  if (state === '0') return ['Firewall: off; it drops nothing.'];
  if (state === undefined)
    return ['Firewall: its state could not be read; ask it yourself:', `  ${TOOL} --getglobalstate`];
  // 2 is "block all incoming connections".
  if (state === '2' || isAllBlocked(await asks('--getblockall')))
    return [
      'Firewall: it drops every scrape from another computer: all incoming connections are blocked. To allow them by program:',
      `  ${TOOL} --setblockall off`,
    ];
  const list = await asks('--listapps');
  // On a Mac that an organisation manages it may not be shown.
  if (!/number of apps/i.test(list))
    return ['Firewall: on; its list of programs could not be read. Ask it yourself:', `  ${TOOL} --listapps`];
  const rule = ruleOf(file, list);
  const allow = [`  ${TOOL} --add '${file}'`, `  ${TOOL} --unblockapp '${file}'`];
  if (rule === 'allow') return [`Firewall: on; it lets scrapes through to ${file}.`];
  if (rule === 'block')
    return [`Firewall: it drops scrapes from other computers: ${file} is blocked. To allow it:`, allow[1]!];
  const isSigned = /^TeamIdentifier=(?!not set)/m.test((await ask(host, 'codesign', '-dv', file)).text);
  if (isSigned && /downloaded signed software ENABLED/i.test(await asks('--getallowsigned')))
    return [`Firewall: on; ${file} is signed, and signed software is let through.`];
  return [
    `Firewall: it drops scrapes from other computers: it does not know ${file}, ${isSigned ? 'and signed software is not let through' : 'which no developer has signed'}. To allow it, again after each upgrade of Node:`,
    ...allow,
  ];
}

/** macOS has said "Block all DISABLED!" and, in later versions, "Firewall has block all state set to disabled." */
const isAllBlocked = (text: string): boolean => /block all/i.test(text) && !/disabled/i.test(text);

/** The list has a line with the path of each program, and one with its rule. */
function ruleOf(file: string, list: string): 'allow' | 'block' | undefined {
  const lines = list.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => line.replace(/^\d+\s*:\s*/, '') === file);
  if (at < 0) return undefined;
  return /block/i.test(lines[at + 1] ?? '') ? 'block' : 'allow';
}
