// A recording tells what a Mac does and not whose it is, and still plays as what it was recorded from.

import fc from 'fast-check';
import { mask, type Masked, type MaskOptions, type Secrets } from '../src/cli/record/mask';
import { serialize } from '../src/cli/record/serialize';
import { Words } from '../src/cli/record/mask_words';
import { loadDouble } from '../src/native/load';
import { RECORD_WANTS } from '../src/cli/record/wants';
import type { MachineFile, Process } from '../src/native/machine_file';
import { stable, withExporter } from './support/exporter';
import { machineText, type Machine } from './support/machines';
import { bare } from './support/source';

const KEY = Buffer.from('a key that is not kept');
const NOTHING: Secrets = { hostNames: [], userNames: [], serials: [] };
const HIDE: MaskOptions = { key: KEY, processNames: 'mask' };
const KEEP: MaskOptions = { key: KEY, processNames: 'keep' };

const SECRETS: Secrets = {
  hostNames: ['Violets-MacBook-Pro.local'],
  userNames: ['violet'],
  serials: ['C02ZQ1XYLVDL'],
};
const UUID = '3F2504E0-4F89-11D3-9A0C-0305E82C3301';
const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

const process = (pid: number, path: string | null, comm: string): Process => ({
  pid,
  unique: 1000 + pid,
  coalition: 1,
  uid: 501,
  path,
  comm,
});

/** A Mac that tells who owns it wherever it can. */
const TALKATIVE = {
  ...(bare({}) as unknown as MachineFile),
  about: 'the Mac of violet',
  ioreport: [],
  host: { page_size: 16384, count: 38, vm: {}, cpu: [] },
  sysctl: {
    'kern.bootsessionuuid': ['text', UUID],
    'machdep.cpu.brand_string': ['text', 'Apple M4 Pro'],
    'hw.model': ['text', 'Mac16,8'],
  },
  ioregistry: [
    {
      id: 4294967710,
      class: ['AppleSmartBattery', 'IOPMPowerSource', 'IOService'],
      name: 'AppleSmartBattery',
      properties: {
        Serial: 'F5D0433K5CUQ1LTAZ',
        model: 'Apple M4 Pro',
        CycleCount: 87,
        ManufacturerData: { data: hex('\0\0C02ZQ1XYLVDL\0') },
        BatteryData: { dict: { SerialNumber: 48151623, BatterySerialNumber: { data: hex('D86017\0\0') } } },
        Comment: `on Violets-MacBook-Pro, a1:b2:c3:d4:e5:f6, of Violet, volume /Volumes/Violet's Disk/x`,
      },
      children: [
        {
          id: 4294968722,
          class: ['AGXDeviceUserClient'],
          name: 'AGXDeviceUserClient',
          properties: {
            IOUserClientCreator: 'pid 440, SecretProject He',
            AppUsage: { list: [{ dict: { API: 'Metal' } }] },
          },
        },
      ],
    },
  ],
  smc: {
    entry: 4294968200,
    keys: [
      ['BMSN', 'ch8*', hex('F8Y0433K5CUQ\0\0')],
      ['TB1T', 'flt ', 'c8ccc441', 'cdccc441', 'c8ccc441'],
      ['XSER', 'hex_', hex('C02ZQ1XYLVDL')],
    ],
  },
  libproc: {
    uid: 501,
    rusage: 6,
    processes: [
      process(0, null, 'kernel_task'),
      process(
        440,
        '/Applications/SecretProject.app/Contents/Frameworks/SecretProject Helper',
        'SecretProject He',
      ),
      process(441, '/Users/violet/Code/hush/target/release/hush', 'hush'),
      process(442, '/private/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/build', 'build'),
      process(443, '/Users/build/bin/sh', 'sh'),
    ],
  },
  doctor: { failures: [{ call: `cannot read /Users/violet/x on Violets-MacBook-Pro.local, ${UUID}` }] },
} as unknown as MachineFile & { doctor: unknown };

const masked: Masked<typeof TALKATIVE> = mask(TALKATIVE, SECRETS, HIDE);
const kept: Masked<typeof TALKATIVE> = mask(TALKATIVE, SECRETS, KEEP);

const OWNERS = [
  UUID,
  'violet',
  'Violets',
  'C02ZQ1XYLVDL',
  'F5D0433K5CUQ1LTAZ',
  '48151623',
  'D86017',
  'a1:b2:c3:d4:e5:f6',
  'zyxvpxvq6csfxvn',
  'F8Y0433K5CUQ',
  '/Users/build/',
];
const PROCESSES = ['SecretProject', 'kernel_task', 'hush', '"sh"', '/sh"'];

describe('what is masked', () => {
  test.each([...OWNERS, ...PROCESSES])('%s is nowhere, in no case, and not as bytes', (secret) => {
    const text = serialize(masked.file).toLowerCase();
    expect(text).not.toContain(secret.toLowerCase());
    expect(text).not.toContain(hex(secret));
  });

  test.each(OWNERS)('%s is nowhere either when the names of processes are kept', (secret) => {
    expect(serialize(kept.file).toLowerCase()).not.toContain(secret.toLowerCase());
    expect(serialize(kept.file)).not.toContain(hex(secret));
  });

  test('names of processes can be kept', () => {
    expect(kept.file.libproc!.processes.map(({ comm }) => comm)).toEqual(
      TALKATIVE.libproc!.processes.map(({ comm }) => comm),
    );
    expect(kept.file.libproc!.processes[1]!.path).toBe(TALKATIVE.libproc!.processes[1]!.path);
  });

  test('what decoders look for is as it was', () => {
    const { sysctl, ioregistry, smc, libproc, ...rest } = masked.file;
    expect(sysctl['machdep.cpu.brand_string']).toEqual(['text', 'Apple M4 Pro']);
    expect(sysctl['hw.model']).toEqual(['text', 'Mac16,8']);
    expect(ioregistry[0]!.properties['model']).toBe('Apple M4 Pro');
    expect(ioregistry[0]!.properties['CycleCount']).toBe(87);
    expect(ioregistry[0]!.children![0]!.properties['AppUsage']).toEqual({
      list: [{ dict: { API: 'Metal' } }],
    });
    expect(smc!.keys[1]).toEqual(TALKATIVE.smc!.keys[1]);
    expect(
      libproc!.processes.map(({ pid, unique, coalition, uid }) => [pid, unique, coalition, uid]),
    ).toEqual(
      TALKATIVE.libproc!.processes.map(({ pid, unique, coalition, uid }) => [pid, unique, coalition, uid]),
    );
    expect(rest.clock).toEqual(TALKATIVE.clock);
  });
});

describe('the shape of a mask', () => {
  const properties = masked.file.ioregistry[0]!.properties as unknown as {
    readonly Serial: string;
    readonly ManufacturerData: { readonly data: string };
    readonly BatteryData: { readonly dict: { readonly SerialNumber: number } };
  };
  test('a UUID is one', () => {
    expect(masked.file.sysctl['kern.bootsessionuuid']![1]).toMatch(
      /^[\dA-F]{8}(-[\dA-F]{4}){3}-[\dA-F]{12}$/,
    );
  });
  test('a serial number has its letters and digits in the same places', () => {
    expect(properties.Serial).toMatch(/^[A-Z]\d[A-Z]\d{4}[A-Z]\d[A-Z]{3}\d[A-Z]{4}$/);
    expect(String(properties.BatteryData.dict.SerialNumber)).toMatch(/^\d{8}$/);
  });
  test('bytes stay as many, and zeros stay', () => {
    expect(Buffer.from(properties.ManufacturerData.data, 'hex').toString('latin1')).toMatch(
      /^\0\0[A-Z]\d\d[A-Z]{2}\d[A-Z]{6}\0$/,
    );
    expect(Buffer.from(masked.file.smc!.keys[0]![2]!, 'hex').toString('latin1')).toMatch(
      /^[A-Z]\d[A-Z]\d{4}[A-Z]\d[A-Z]{3}\0\0$/,
    );
  });
  test('a path keeps its layout', () => {
    expect(masked.file.libproc!.processes.map(({ path }) => path)).toEqual([
      null,
      expect.stringMatching(
        /^\/Applications\/[A-Z][a-z]{5}[A-Z][a-z]{6}\.app\/Contents\/Frameworks\/\w+ \w+$/,
      ),
      expect.stringMatching(/^\/Users\/[a-z]{6}\/[A-Z][a-z]{3}\/[a-z]{4}\/[a-z]{6}\/[a-z]{7}\/[a-z]{4}$/),
      expect.stringMatching(
        /^\/private\/var\/folders\/[a-z]{2}\/[a-z]{8}[a-z\d]{7}_[a-z\d]+\/[A-Z]\/[a-z]{5}$/,
      ),
      expect.stringMatching(/^\/Users\/[a-z]{5}\/bin\/[a-z]{2}$/),
    ]);
  });
});

describe('the same word has the same mask', () => {
  const [, project, , , shell] = masked.file.libproc!.processes;
  test('the short name of a process is the beginning of its mask, and so is what the GPU driver has of it', () => {
    const name = project!.path!.slice(project!.path!.lastIndexOf('/') + 1);
    expect(name.startsWith(project!.comm)).toBe(true);
    const creator = masked.file.ioregistry[0]!.children![0]!.properties['IOUserClientCreator'] as string;
    expect(creator).toMatch(/^pid 440, /);
    expect(creator.slice('pid 440, '.length)).toBe(
      masked.replaced.get('SecretProject He') ?? creator.slice(9),
    );
  });
  test('everywhere', () => {
    expect(shell!.path!.endsWith(`/${shell!.comm}`)).toBe(true);
    expect(masked.file.libproc!.processes[2]!.path).toContain(`/${masked.replaced.get('violet')!}/`);
    expect(JSON.stringify(masked.file.doctor)).toContain(masked.replaced.get('violet')!);
  });
  test('and another one with another key', () => {
    const other = mask(TALKATIVE, SECRETS, { ...HIDE, key: Buffer.from('another') });
    expect(other.replaced.get('violet')).not.toBe(masked.replaced.get('violet'));
  });
});

test('no two words have the same mask, and no mask is a word, however short they are', () => {
  const word = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', '1'), minLength: 1, maxLength: 2 }),
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 200 }), (all) => {
      const words = new Words(KEY);
      words.reserve(all);
      for (const each of all) words.of(each);
      const masks = [...words.replaced.values()];
      expect(new Set(masks).size).toBe(masks.length);
      for (const each of masks) expect(all).not.toContain(each);
      expect(all.map((each) => words.of(each))).toEqual(all.map((each) => words.replaced.get(each) ?? each));
    }),
  );
});

test('common words are not taken for a name', () => {
  const file = { ...TALKATIVE, about: 'Apple M4 Pro, admin mode, build' };
  const secrets = { ...NOTHING, userNames: ['admin', 'build', 'm4'], hostNames: ['mac.local'] };
  expect(mask(file, secrets, KEEP).file.about).toBe('Apple M4 Pro, admin mode, build');
});

const PLAYED = [
  'Macmini9,1__m1__15.6__mixed',
  'Mac14,14__m2-ultra__15.2__build-farm',
  'Mac14,6__m2-max__13.6__sleep-wake',
  'Mac15,9__m3-max__27.0__llm-browser',
  'Mac15,14__m3-ultra__26.3__crowded',
  'Mac16,8__m4-pro__27.0__battery',
  'Mac17,6__m5-max__27.0__mixed',
  'VirtualMac2,1__vm__15.5__compile',
];

describe.each(PLAYED)('%s, masked', (name) => {
  const original = JSON.parse(machineText(name)) as MachineFile;
  const { file, replaced } = mask(original, NOTHING, HIDE);

  test('opens', () => {
    const native = loadDouble().open(RECORD_WANTS, serialize(file), { clock: 'manual' });
    expect(native.close()).toBe(true);
  });

  test('has none of the words that were masked', () => {
    const values = new Set(wordsOf(serialize({ libproc: file.libproc, sysctl: file.sysctl })));
    for (const word of replaced.keys()) expect(values).not.toContain(word);
  });

  test('shows the same page, with masks in the place of names', async () => {
    const [page, ofMasked] = [await pageOf(serialize(original)), await pageOf(serialize(file))];
    const names = new Map([...replaced].map(([word, of]) => [of, word]));
    const restored = ofMasked.replaceAll(
      /\b(app|process)="([^"]*)"/g,
      (_, label: string, value: string) => `${label}="${names.get(value) ?? value}"`,
    );
    expect(restored).not.toBe(ofMasked);
    expect(restored.split('\n').sort()).toEqual(page.split('\n').sort());
  });
});

const pageOf = async (text: string): Promise<string> =>
  stable(await withExporter(JSON.parse(text) as Machine, (exporter) => exporter.pageAfter(12)));

/** Values of texts, and the parts of paths. */
const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].flatMap(([, value]) => [value!, ...value!.split('/')]);
