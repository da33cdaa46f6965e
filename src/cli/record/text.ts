// The text of a recording: what it is of, and nothing in it that tells whose.

import { randomBytes } from 'node:crypto';
import type { MachineFile as PlayedFile } from '../../exporter';
import type { MachineFile } from '../../native/machine_file';
import { version } from '../../version';
import { mask } from './mask';
import { secretsOf, withoutIdentity } from './secrets';
import { serialize } from './serialize';

export type Masking = 'all' | 'keep process names' | 'none';

export interface TextOptions {
  /** The machine file that was played: a recording of it is none of a Mac. */
  readonly machine: PlayedFile | undefined;
  readonly masking: Masking;
  readonly doctor: unknown;
}

/** `masked`: how many names, numbers and addresses. */
export function textOf(
  file: MachineFile,
  { machine, masking, doctor }: TextOptions,
): { text: string; masked: number } {
  const whole = {
    ...withoutIdentity(file),
    ...(machine ? sameAs(machine) : { about: aboutOf(file) }),
    ...(doctor !== undefined && { doctor }),
  };
  if (masking === 'none') return { text: serialize(whole), masked: 0 };
  const { file: masked, replaced } = mask(whole, secretsOf(file, !machine), {
    key: randomBytes(32),
    processNames: masking === 'all' ? 'mask' : 'keep',
  });
  return { text: serialize(masked), masked: replaced.size };
}

function sameAs({ text }: PlayedFile): Pick<MachineFile, 'about' | 'origin'> {
  const { about, origin } = JSON.parse(text) as MachineFile;
  return { about, origin };
}

function aboutOf({ sysctl }: MachineFile): string {
  const textOf = (name: string) => String(sysctl[name]?.[1] ?? 'unknown');
  const gigabytes = Number(sysctl['hw.memsize']?.[1] ?? 0) / 2 ** 30;
  const chip = textOf('machdep.cpu.brand_string');
  return `${textOf('hw.model')} (${chip}, ${gigabytes} GB), macOS ${textOf('kern.osproductversion')}: recorded by metalstat-exporter ${version}`;
}
