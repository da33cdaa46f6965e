// A Mac to install a service on: a folder for its disk, and stand-ins for the programs of macOS that write down how they
// are called and answer from files.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Host } from '../../src/cli/service/host';
import { MAIN, SCRATCH } from './command';

/** As launchd does: bootstrap of what is there fails, and what is booted out may linger. */
const PROGRAMS: Readonly<Record<string, string>> = {
  launchctl: `
    target=$(echo "$2" | tr / _)
    case "$1" in
      print)
        case "$2" in
          */*/*|system/*) ;;
          *) [ -e "$state/domain-$target" ] && exit 0; echo "Bad request. Could not find domain"; exit 112 ;;
        esac
        [ -e "$state/loaded-$target" ] || { echo "Bad request. Could not find service"; exit 113; }
        if [ -s "$state/lingers" ]; then
          sed -i 1d "$state/lingers"
          [ -s "$state/lingers" ] || rm "$state/loaded-$target"
          echo "	state = SIGTERMed"; exit 0
        fi
        if [ -e "$state/dies" ]; then echo "	state = spawn scheduled"; echo "	last exit code = 2"
        else echo "	state = running"; echo "	last exit code = (never exited)"; echo "	pid = $(cat "$state/pid")"; fi ;;
      bootout)
        [ -e "$state/bootout" ] && { cat "$state/bootout"; exit "$(cut -d: -f2 "$state/bootout")"; }
        [ -e "$state/loaded-$target" ] || { echo "Boot-out failed: 3: No such process"; exit 3; }
        if [ -s "$state/linger" ]; then cp "$state/linger" "$state/lingers"; echo "Boot-out failed: 36: Operation now in progress"; exit 36; fi
        rm "$state/loaded-$target" ;;
      bootstrap)
        [ -e "$state/bootstrap" ] && { cat "$state/bootstrap"; exit "$(cut -d: -f2 "$state/bootstrap")"; }
        label=$(basename "$3" .plist)
        [ -e "$state/loaded-\${target}_$label" ] && { echo "Bootstrap failed: 5: Input/output error"; exit 5; }
        [ -e "$3" ] || { echo "Bootstrap failed: 2: No such file or directory"; exit 2; }
        touch "$state/loaded-\${target}_$label" ;;
      kickstart) [ -e "$state/loaded-$target" ] || { echo "Could not find service"; exit 113; } ;;
    esac`,
  dscl: `
    case "$2 $3 $4" in
      "-list /Users UniqueID") printf '_www                 70\\nroot                 0\\n_other               450\\n' ;;
      "-read /Users/_metalstat UniqueID")
        [ -e "$state/account" ] || { echo "<dscl_cmd> DS Error: -14136 (eDSRecordNotFound)"; exit 56; }
        echo "UniqueID: $(head -1 "$state/account")" ;;
      "-read /Users/_metalstat RealName")
        [ -e "$state/account" ] || exit 56
        echo "RealName:"; echo " $(tail -1 "$state/account")" ;;
    esac`,
  sysadminctl: `
    case "$1" in
      -addUser)
        read -r first last < "$state/uids"
        if [ "$6" -lt "$first" ] || [ "$6" -gt "$last" ]; then
          echo "Role account requires specified UID in another range"; exit 0
        fi
        printf '%s\\n%s\\n' "$6" "$4" > "$state/account" ;;
      -deleteUser) [ -e "$state/keeps-account" ] && { echo "not authorised"; exit 0; }; rm "$state/account" ;;
    esac`,
  sudo: `[ -e "$state/unreadable" ] && { echo "Permission denied"; exit 1; }; exit 0`,
  lsof: `[ -e "$state/lsof" ] && cat "$state/lsof" || exit 1`,
  socketfilterfw: `cat "$state/firewall$1" 2>/dev/null || exit 1`,
  codesign: `cat "$state/codesign" >&2`,
};

export class FakeMac implements Host {
  readonly platform = 'darwin';
  readonly root: string;
  readonly home: string;
  readonly path: string;
  readonly node: string;
  readonly script: string;
  readonly owners: Record<string, number> = {};
  readonly printed: string[] = [];
  readonly #state: string;

  constructor(readonly uid = 0) {
    this.root = mkdtempSync(join(SCRATCH, 'mac-'));
    this.home = `${this.root}/Users/jane`;
    this.path = `${this.root}/bin`;
    this.#state = `${this.root}/state`;
    this.node = `${this.root}/opt/homebrew/bin/node`;
    this.script = `${this.root}/opt/homebrew/lib/node_modules/metalstat-exporter/dist/main.js`;
    for (const folder of [this.path, this.#state, dirname(this.node), dirname(this.script)])
      mkdirSync(folder, { recursive: true });
    for (const folder of ['LaunchAgents', 'Logs'])
      mkdirSync(`${this.home}/Library/${folder}`, { recursive: true });
    for (const folder of ['LaunchDaemons', 'Logs'])
      mkdirSync(`${this.root}/Library/${folder}`, { recursive: true });
    symlinkSync(process.execPath, this.node);
    symlinkSync(MAIN, this.script);
    for (const [name, body] of Object.entries(PROGRAMS)) {
      const head = `#!/bin/sh\nPATH=/usr/bin:/bin\nstate='${this.#state}'\necho "${name} $*" >> "$state/calls"\n`;
      writeFileSync(join(this.path, name), head + body);
      chmodSync(join(this.path, name), 0o755);
    }
    this.set('calls', '');
    this.set('pid', '4242');
    this.set('uids', '450 499\n');
    this.set('firewall--getglobalstate', 'Firewall is disabled. (State = 0)');
    this.set('codesign', 'Signature=adhoc\nTeamIdentifier=not set\n');
  }

  readonly print = (line: string): void => {
    this.printed.push(line);
  };
  readonly giveTo = (path: string, uid: number): void => {
    this.owners[path] = uid;
  };
  readonly pause = (): Promise<void> => Promise.resolve();

  set(name: string, text = ''): void {
    writeFileSync(join(this.#state, name), text);
  }

  unset(name: string): void {
    rmSync(join(this.#state, name));
  }

  has(name: string): boolean {
    return existsSync(join(this.#state, name));
  }

  /** Calls since the last time, with the paths as they would be on a Mac. */
  calls(of = /./): readonly string[] {
    const file = join(this.#state, 'calls');
    const lines = readFileSync(file, 'utf8').replaceAll(this.root, '').split('\n');
    writeFileSync(file, '');
    return lines.filter((line) => line !== '' && of.test(line));
  }

  /** What it said since the last time. */
  said(): string {
    return this.printed.splice(0).join('\n').replaceAll(this.root, '');
  }

  /** All files of /Library and of the user. */
  files(): readonly string[] {
    return ['Library', 'Users/jane']
      .flatMap((folder) =>
        readdirSync(join(this.root, folder), { recursive: true, encoding: 'utf8' }).map(
          (name) => `/${folder}/${name}`,
        ),
      )
      .sort();
  }
}
