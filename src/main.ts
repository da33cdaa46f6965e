#!/usr/bin/env node
// argv -> command.

import { Command, CommanderError, Option as CommanderOption } from 'commander';
import { machineNames } from './cli/machine';
import {
  COLLECTOR_OPTIONS,
  environmentName,
  MACHINE_OPTION,
  SERVE_OPTIONS,
  type Option,
} from './config/options';
import { fromEnvironment, type OptionValues } from './config/settings';
import { version } from './version';

/** Exit code of a wrong command line, and of a computer or file that cannot be read. */
const WRONG = 2;

function build(): Command {
  const program = command('metalstat-exporter')
    .description('Prometheus exporter for Apple Silicon Macs')
    .version(version, '--version', 'print the version')
    .helpCommand(false);
  const serve = program.command('serve', { isDefault: true }).description('answer scrapes (the default)');
  add(serve, [...SERVE_OPTIONS, MACHINE_OPTION, ...COLLECTOR_OPTIONS]);
  serve.action(async () => (await import('./cli/serve.js')).serve(valuesOf(serve)));
  const once = program.command('once').description('print one page');
  add(once, [
    { name: 'format', value: 'FORMAT', help: 'prometheus, openmetrics or json', default: 'prometheus' },
    MACHINE_OPTION,
    ...COLLECTOR_OPTIONS,
  ]);
  once.action(async () => (await import('./cli/once.js')).once(valuesOf(once)));
  program
    .command('machines')
    .description('list the machine files that come with the exporter')
    .action(() => console.log(machineNames().join('\n')));
  const metrics = program.command('metrics').description('list all metric families');
  add(metrics, [
    { name: 'markdown', help: 'as METRICS.md' },
    { name: 'json', help: 'as JSON' },
  ]);
  metrics.action(async () => (await import('./cli/metrics.js')).metrics(valuesOf(metrics)));
  for (const each of program.commands) each.allowExcessArguments(false);
  // What is no command arrives here as an argument of the default one.
  serve.allowExcessArguments(true);
  serve.hook('preAction', () => {
    const commands = program.commands.map((each) => each.name()).join(', ');
    if (serve.args.length > 0)
      program.error(`error: there is no command ${serve.args[0]!}; there are: ${commands}`);
  });
  return program;
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
  for (const { name, value, help, default: preset, repeatable, on } of options) {
    const option = new CommanderOption(`--${name}${value ? ` <${value}>` : ''}`, help).env(
      environmentName(name),
    );
    if (preset !== undefined) option.default(preset);
    if (repeatable)
      option.argParser((text: string, all: readonly string[] | undefined) =>
        all && all !== preset ? [...all, text] : [text],
      );
    to.addOption(option);
    if (on) to.addOption(new CommanderOption(`--no-${name}`, `switch off ${help.split(';', 1)[0]!}`));
  }
}

/** commander turns names into camelCase; ours are kept. */
function valuesOf(of: Command): OptionValues {
  const values: Record<string, unknown> = {};
  for (const option of of.options) {
    // --no-collector.x has its value in --collector.x.
    if (option.negate) continue;
    const name = option.name();
    const value: unknown = of.getOptionValue(option.attributeName());
    const isFromEnvironment = of.getOptionValueSource(option.attributeName()) === 'env';
    if (value !== undefined)
      values[name] = isFromEnvironment ? fromEnvironment(option.envVar!, value) : value;
  }
  return values;
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
