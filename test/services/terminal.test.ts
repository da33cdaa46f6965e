// `status` in a terminal, which is tmux: the golden screens, and watch mode, which must leave no trace.
//
// The goldens show a machine file under constant load. What is still not the same in every run is masked: the time, and
// the last digits of what is a mean over the second that happened to be read. UPDATE_GOLDEN=1 rewrites them.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanUp, MAIN, SCRATCH, scratch } from '../support/command';
import { constantLoad } from '../support/machines_constant';
import { machineOf } from '../support/machines';
import { Terminal, type Size } from '../support/tmux';

const GOLDEN = join(__dirname, '..', 'golden', 'terminal');
const M1 = 'Macmini9,1__m1__15.6__load';
const M5_MAX = 'Mac17,6__m5-max__27.0__load';
const VM = 'VirtualMac2,1__vm__15.5__compile';
const PLAYING = `Playing the machine file ${M1}: nothing of this computer is measured.`;
const SMALL: Size = { columns: 80, rows: 24 };

const terminals: Terminal[] = [];

beforeAll(() => {
  for (const name of [M1, M5_MAX, VM]) scratch(`${name}.json`, JSON.stringify(constantLoad(machineOf(name))));
});

afterAll(() => {
  for (const terminal of terminals) terminal.close();
  cleanUp();
});

const status = (machine: string, args: string): string =>
  `'${process.execPath}' '${MAIN}' status --machine '${join(SCRATCH, machine)}.json' ${args}`;

function open(command: string, size = SMALL, env: Readonly<Record<string, string>> = {}): Terminal {
  const terminal = new Terminal(command, size, env);
  terminals.push(terminal);
  return terminal;
}

/** A shell without a trace of whoever runs the tests. */
const shell = (size = SMALL): Terminal => open("env PS1='$ ' HISTFILE= bash --norc --noprofile -i", size);

const ESCAPE = '\x1b';
const SHARES = new RegExp(`(?<= {5}CPU .*)(${ESCAPE}\\[\\d+m)?[ \\d.]{4,5}%`, 'g');
const CLEARED = new RegExp(`${ESCAPE}\\[(2K|[0-3]?J.)`, 's');

/** As wide as before: columns must stay where they are. */
const hidden = (text: string): string => text.replaceAll(/\d/g, '#');
const masked = (line: string): string =>
  line
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, hidden)
    // A share near a limit has one colour or the other.
    .replace(SHARES, (share) => hidden(share).replaceAll(' ', '#'))
    .replace(/(?<=\d[MG]) {2}[ \d]{4}[%-]/, '  ####%');

describe('the screen', () => {
  const cases = [
    [M1, '-p -n 3'],
    [M5_MAX, '-p -n 3 --sample-duration 4'],
    [VM, '-p -n 1'],
  ] as const;
  const screens = cases.flatMap(([machine, args]) =>
    [80, 120].flatMap((columns) =>
      [true, false].map((isColoured) => [machine, columns, isColoured ? 'coloured' : 'plain', args] as const),
    ),
  );

  test.each(screens)(
    '%s at %i columns, %s, is the golden one',
    async (machine, columns, colours, args) => {
      const env: Readonly<Record<string, string>> = colours === 'plain' ? { NO_COLOR: '1' } : {};
      const terminal = open(status(machine, `-a -t -i 1 ${args}`), { columns, rows: 24 }, env);
      await terminal.until(/\n +1 {2}/);
      const screen = `${terminal.screen({ coloured: true }).map(masked).join('\n')}\n`;
      terminal.keys('C-c');
      const file = join(GOLDEN, `${machine}__${columns}__${colours}.txt`);
      if (process.env['UPDATE_GOLDEN'] === '1') {
        mkdirSync(GOLDEN, { recursive: true });
        writeFileSync(file, screen);
      }
      if (!existsSync(file)) throw new Error(`${file} is missing; write it with UPDATE_GOLDEN=1`);
      expect(screen).toBe(readFileSync(file, 'utf8'));
      // Colour is all that NO_COLOR takes away.
      expect(screen.includes('\x1b[')).toBe(colours === 'coloured');
    },
    30_000,
  );
});

describe('watch mode', () => {
  const watch = (terminal: Terminal, args = '-a -i 0.2') => {
    terminal.keys(status(M1, args), 'Enter');
    return terminal.until(/ +Memory {2}\d/);
  };
  const rule = (columns: number) => '─'.repeat(columns);

  test('draws over in place, a frame in a piece, and hides the cursor', async () => {
    const terminal = shell();
    const first = await watch(terminal);
    expect(first[0]).toBe(PLAYING.slice(0, 80));
    const file = join(SCRATCH, 'frames');
    terminal.record(file);
    const time = first[1];
    await terminal.untilIt((lines) => lines[1] !== time, 'another time');
    expect(terminal.state('alternate_on')).toBe('1');
    expect(terminal.state('cursor_flag')).toBe('0');
    expect(terminal.screen()).toHaveLength(first.length);
    while (readFileSync(file, 'utf8').split('\x1b[?2026l').length < 4) await sleep(20);
    const frames = readFileSync(file, 'utf8').split('\x1b[?2026l').slice(1, -1);
    for (const frame of frames) {
      expect(frame.startsWith('\x1b[?2026h\x1b[H')).toBe(true);
      // Nothing is cleared before it is written over.
      expect(frame).not.toMatch(CLEARED);
      expect(frame.split('\r\n')).toHaveLength(first.length + 1);
    }
  }, 30_000);

  test('follows the size of the terminal and never wraps', async () => {
    const terminal = shell();
    await watch(terminal, '-a -p -i 60');
    for (const size of [
      { columns: 40, rows: 24 },
      { columns: 100, rows: 9 },
      { columns: 20, rows: 5 },
      { columns: 80, rows: 24 },
    ]) {
      terminal.resize(size);
      // Redrawn at once: the next tick is a minute away.
      const first = PLAYING.slice(0, size.columns).trimEnd();
      const lines = await terminal.untilIt(
        (screen) => screen[0] === first && screen.includes(rule(size.columns)),
        `a rule of ${size.columns} columns under ${first}`,
      );
      expect(lines.length).toBeLessThanOrEqual(size.rows);
      expect(terminal.screen({ joined: true })).toEqual(lines);
      expect(lines.filter((line) => /^─+$/.test(line)).every((line) => line === rule(size.columns))).toBe(
        true,
      );
    }
  }, 30_000);

  /** Everything of the terminal that a command could leave changed. */
  const traces = (terminal: Terminal) =>
    ['alternate_on', 'cursor_flag', 'wrap_flag', 'insert_flag', 'keypad_flag'].map((name) =>
      terminal.state(name),
    );

  /** Starts to watch in a shell in which something stands already; `end` ends it. */
  async function leaves(
    end: (terminal: Terminal, pid: string) => void,
    args = '',
  ): Promise<readonly string[]> {
    const terminal = shell();
    terminal.keys('echo be""fore', 'Enter');
    await terminal.until(/^before$/m);
    const before = traces(terminal);
    const file = join(SCRATCH, `pid-${terminals.length}`);
    // In the foreground, with its id known.
    terminal.keys(
      `bash -c 'echo $$ > ${file}; exec "$@"' - ${status(M1, `-a -i 0.2 ${args}`)}; echo "code $?"`,
      'Enter',
    );
    await terminal.until(/ +Memory {2}\d/);
    expect(traces(terminal)).not.toEqual(before);
    end(terminal, readFileSync(file, 'utf8').trim());
    await terminal.until(/^code \d+$/m);
    expect(traces(terminal)).toEqual(before);
    return terminal.screen();
  }

  test('leaves the screen and the cursor as they were on Ctrl-C', async () => {
    const lines = await leaves((terminal) => terminal.keys('C-c'));
    expect(lines).toContain('before');
    expect(lines.join('\n')).toMatch(/\n(\^C)?code 0\n\$$/);
    expect(lines.join('\n')).not.toMatch(/Memory {2}|─/);
  }, 30_000);

  test.each(['SIGTERM', 'SIGHUP'] as const)(
    'and on %s',
    async (signal) => {
      const lines = await leaves((_, pid) => process.kill(Number(pid), signal));
      expect(lines).toContain('before');
      expect(lines.join('\n')).toMatch(/\ncode 0\n\$$/);
    },
    30_000,
  );

  test('and on an error', async () => {
    const boom = scratch('boom.cjs', "process.on('SIGUSR2', () => { throw new Error('boom'); });");
    process.env['NODE_OPTIONS'] = `--require ${boom}`;
    try {
      const lines = await leaves((_, pid) => process.kill(Number(pid), 'SIGUSR2'));
      expect(lines).toContain('before');
      expect(lines.join('\n')).toMatch(/Error: boom[^]*\ncode \d+\n\$$/);
    } finally {
      delete process.env['NODE_OPTIONS'];
    }
  }, 30_000);

  test('gives the terminal back while it is stopped, and takes it again', async () => {
    const terminal = shell();
    const before = traces(terminal);
    await watch(terminal);
    terminal.keys('C-z');
    await terminal.until(/Stopped/);
    expect(traces(terminal)).toEqual(before);
    terminal.keys('fg', 'Enter');
    await terminal.until(/ +Memory {2}\d/);
    expect(terminal.state('alternate_on')).toBe('1');
    terminal.keys('C-c');
    await terminal.untilState('alternate_on', '0');
    expect(traces(terminal)).toEqual(before);
  }, 30_000);
});

describe('run', () => {
  const start = (command: string, options = ''): Terminal => {
    const terminal = shell();
    const prefix = join(SCRATCH, `run-${terminals.length}`);
    const machine = `--machine '${join(SCRATCH, M1)}.json'`;
    const program = scratch(`command-${terminals.length}.sh`, command);
    terminal.keys(
      `'${process.execPath}' '${MAIN}' run -o '${prefix}' ${machine} ${options} -- sh '${program}'; echo "code $?"`,
      'Enter',
    );
    return terminal;
  };

  test.each(['', '--capture'])(
    'Ctrl-C reaches the command once: %j',
    async (options) => {
      const terminal = start(
        `trap 'echo INT' INT; echo up; while [ ! -e "$0.end" ]; do sleep 0.05; done; exit 3`,
        options,
      );
      await terminal.until(/^up$/m);
      terminal.keys('C-c');
      await terminal.until(/^(\^C)?INT$/m);
      // Time for a second one to come.
      await sleep(300);
      scratch(`command-${terminals.length}.sh.end`, '');
      const lines = await terminal.until(/^code \d+$/m);
      expect(lines.filter((line) => line.endsWith('INT'))).toHaveLength(1);
      expect(lines).toContain('code 3');
    },
    30_000,
  );

  test('the command has the terminal: it reads what is typed', async () => {
    const terminal = start('test -t 0 && test -t 1 && echo up; read line; echo "got $line"');
    await terminal.until(/^up$/m);
    terminal.keys('word', 'Enter');
    const lines = await terminal.until(/^code \d+$/m);
    expect(lines).toContain('got word');
    expect(lines).toContain('code 0');
  }, 30_000);
});
