#!/usr/bin/env node
// argv -> command.

import { Argument, Command, CommanderError, Option as CommanderOption } from 'commander';
import { COMMANDS, type CommandName, type CommandSpec } from './config/commands';
import { offHelp } from './config/flags';
import { environmentName, type Option } from './config/options';
import type { Given, Origin } from './config/given';
import { fromEnvironment } from './config/settings';
import { version } from './version';

/** Exit code of a wrong command line, and of a computer or file that cannot be read. */
const WRONG = 2;

/** Loaded when its command is called. */
const ACTIONS: Readonly<Record<CommandName, (given: Given, operands: readonly string[]) => Promise<void>>> = {
  serve: async (given) => (await import('./cli/serve')).serve(given),
  once: async ({ values }) => (await import('./cli/once')).once(values),
  status: async ({ values }) => (await import('./cli/status')).status(values),
  run: async ({ values }, command) => (await import('./cli/run')).run(values, command),
  doctor: async ({ values }) => (await import('./cli/doctor')).doctor(values),
  record: async ({ values }) => (await import('./cli/record')).record(values),
  service: async (given, [action]) => (await import('./cli/service')).service(given, action!),
  machines: async () => (await import('./cli/machine')).machines(),
  metrics: async ({ values }) => (await import('./cli/metrics')).metrics(values),
  completion: async (_given, [shell]) => (await import('./cli/completion')).completion(shell!),
};

function build(): Command {
  const program = command('metalstat-exporter')
    .description('Prometheus exporter for Apple Silicon Macs')
    .version(version, '--version', 'print the version')
    .helpCommand(false);
  for (const spec of COMMANDS as readonly (CommandSpec & { readonly name: CommandName })[]) {
    const one = program.command(spec.name, { isDefault: spec.isDefault ?? false }).description(spec.summary);
    add(one, spec.options);
    if (spec.operands) one.addArgument(operandsOf(spec.operands, spec.choices));
    one.action(() => ACTIONS[spec.name](givenTo(one), one.args));
    if (!spec.isDefault) {
      one.allowExcessArguments(false);
      continue;
    }
    // What is no command arrives here as an argument of the default one.
    one.allowExcessArguments(true).hook('preAction', () => {
      const commands = COMMANDS.map(({ name }) => name).join(', ');
      if (one.args.length > 0)
        program.error(`error: there is no command ${one.args[0]!}; there are: ${commands}`);
    });
  }
  return program;
}

function operandsOf(name: string, choices: readonly string[] | undefined): Argument {
  const operands = new Argument(name);
  return choices ? operands.choices(choices) : operands;
}

/** Not in commander's types. */
const reportUnknownOption = Reflect.get(Command.prototype, 'unknownOption') as (
  this: Command,
  flag: string,
) => void;

/** Names the nearest option for `--name=value` too, which commander compares with the value. */
class CommandLine extends Command {
  override createCommand(name?: string): CommandLine {
    return new CommandLine(name);
  }

  unknownOption(flag: string): void {
    const name = flag.split('=', 1)[0]!;
    const isSwitch = this.options.some((option) => option.long === name);
    if (isSwitch) this.error(`error: ${name} takes no value`, { code: 'commander.unknownOption' });
    reportUnknownOption.call(this, name);
  }
}

/** Errors of the command line in one line, commander's suggestion included. */
function command(name: string): Command {
  return new CommandLine(name)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      outputError: (text, write) =>
        write(
          `metalstat-exporter: ${text
            .trim()
            .replace(/^error: /, '')
            .replaceAll(/\s*\n\s*/g, ' ')}\n`,
        ),
    });
}

function add(to: Command, options: readonly Option[]): void {
  to.exitOverride().copyInheritedSettings(to.parent ?? to);
  for (const each of options) {
    const { name, short, alias, help, default: preset, repeatable, on } = each;
    const option = new CommanderOption(`${short ? `-${short}, ` : ''}--${name}${valueOf(each)}`, help).env(
      environmentName(name),
    );
    if (preset !== undefined) option.default(preset);
    if (repeatable)
      option.argParser((text: string, all: readonly string[] | undefined) =>
        all && all !== preset ? [...all, text] : [text],
      );
    to.addOption(option);
    // commander knows one long name for an option: the other one sets the first.
    if (alias)
      to.addOption(new CommanderOption(`--${alias}${valueOf(each)}`, `--${name}`).hideHelp()).on(
        `option:${alias}`,
        (value: string | null) => to.setOptionValueWithSource(option.attributeName(), value ?? true, 'cli'),
      );
    if (on) to.addOption(new CommanderOption(`--no-${name}`, offHelp(each)));
  }
}

const valueOf = ({ value, isOptional }: Option): string =>
  value === undefined ? '' : isOptional ? ` [${value}]` : ` <${value}>`;

/** What commander calls them. */
const ORIGINS: Readonly<Record<string, Origin>> = { cli: 'command line', env: 'environment' };

/** commander turns names into camelCase; ours are kept. */
function givenTo(of: Command): Given {
  const values: Record<string, unknown> = {};
  const origins = new Map<string, Origin>();
  for (const option of of.options) {
    // --no-collector.x has its value in --collector.x.
    if (option.negate) continue;
    const name = option.name();
    const value: unknown = of.getOptionValue(option.attributeName());
    if (value === undefined) continue;
    const origin = ORIGINS[of.getOptionValueSource(option.attributeName()) ?? ''] ?? 'default';
    const taken = origin === 'environment' ? fromEnvironment(option.envVar!, value) : value;
    // A variable that is set to nothing is none.
    if (taken === undefined) continue;
    values[name] = taken;
    origins.set(name, origin);
  }
  return { values, origins };
}

build()
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : WRONG;
      return;
    }
    console.error(`metalstat-exporter: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = isKnown(error) ? WRONG : 1;
  });

/** Errors that a person can mend, as against our own mistakes. */
const isKnown = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_METALSTAT_');
