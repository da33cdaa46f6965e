// doctor: what of this Mac can be read, what cannot, and what to do about it. With --first-run: whether macOS is as the
// design takes it to be.

import type { OptionValues } from '../config/settings';
import { aboutThis } from '../exporter';
import { loadedAddon } from './doctor/addon';
import { gather } from './doctor/gather';
import { judge } from './doctor/judge';
import { print } from './doctor/print';
import { painter, wantsColours } from './doctor/text';
import type { Diagnosis } from './doctor/diagnosis';
import { Mac } from './first_run/mac';
import { printFirstRun } from './first_run/print';
import { progressOf } from './first_run/progress';
import { countOf, runChecks, type FirstRun } from './first_run/run';
import { surroundingsOf } from './first_run/surroundings';
import { openChosen, playing, type Opened } from './machine';
import { INTERRUPTED, recordTo } from './record';
import { SavedFile } from './record/save';
import { RECORD_WANTS } from './record/wants';

/** Of the recording of a bundle: short, as the report has said most. */
const BUNDLE = { frames: 4, interval: 2, masking: 'all' } as const;
const FIRST_RUN_FILE = 'metalstat-first-run.json';

export async function doctor(values: OptionValues): Promise<void> {
  const chosen = values['machine'] as string | undefined;
  const isFirstRun = values['first-run'] === true;
  const path = values['bundle'] ?? (isFirstRun ? FIRST_RUN_FILE : undefined);
  const bundle = typeof path === 'string' ? new SavedFile(path) : undefined;
  const report = isFirstRun ? firstRun : diagnose;
  const leave = () => {
    bundle?.discard();
    process.exit(INTERRUPTED);
  };
  process.once('SIGINT', leave);
  try {
    const { ok, told } = await report(chosen, values['json'] === true);
    process.off('SIGINT', leave);
    if (bundle && !(await recordTo(bundle, chosen, { ...BUNDLE, doctor: told })))
      process.exitCode = INTERRUPTED;
    else if (!ok) process.exitCode = 1;
  } catch (error) {
    bundle?.discard();
    throw error;
  } finally {
    process.off('SIGINT', leave);
  }
}

/** What decides on the exit code, and what goes into the bundle. */
interface Report {
  readonly ok: boolean;
  readonly told: unknown;
}

async function diagnose(chosen: string | undefined, asJson: boolean): Promise<Report> {
  const opened = openChosen(chosen);
  try {
    const diagnosis = await diagnosisOf(opened);
    tell(diagnosis, asJson, opened, () => print(diagnosis, painter(wantsColours(process.stdout))));
    return { ok: diagnosis.ok, told: diagnosis };
  } finally {
    opened.native.close();
  }
}

async function firstRun(chosen: string | undefined, asJson: boolean): Promise<Report> {
  const opened = openChosen(chosen, RECORD_WANTS);
  const { native, machine } = opened;
  const progress = progressOf(process.stderr);
  try {
    const diagnosis = await diagnosisOf(opened);
    const findings = await runChecks(new Mac(native, surroundingsOf(machine !== undefined)), {
      progress: (check, of) => progress.show(check, of),
    });
    progress.end();
    const run: FirstRun = { version: 1, ...aboutThis(machine), mac: diagnosis.mac, findings };
    tell(run, asJson, opened, () => printFirstRun(run, painter(wantsColours(process.stdout))));
    return { ok: countOf(findings, 'different') === 0, told: { ...diagnosis, firstRun: run } };
  } finally {
    progress.end();
    native.close();
  }
}

const diagnosisOf = async ({ native, machine }: Opened): Promise<Diagnosis> =>
  judge(await gather(native), aboutThis(machine), loadedAddon(machine));

function tell(told: object, asJson: boolean, { machine }: Opened, text: () => string): void {
  if (machine && asJson) console.error(playing(machine.name));
  process.stdout.write(asJson ? `${JSON.stringify(told, undefined, 2)}\n` : text());
}
