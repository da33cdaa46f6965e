// A recording tells what a Mac does and not whose it is, and still plays as what it was recorded from.

import fc from 'fast-check';
import { mask, type Masked, type MaskOptions, type Secrets } from '../src/cli/record/mask';
import { Words } from '../src/cli/record/mask_words';
import { serialize } from '../src/cli/record/serialize';
import { RECORD_WANTS } from '../src/cli/record/wants';
import { loadDouble } from '../src/native/load';
import type { Entry, MachineFile, Process, SmcKey } from '../src/native/machine_file';
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
const DOCUMENT = '0f8fad5b-d9cb-469f-a165-70867728950e';
const NIL = '00000000-0000-0000-0000-000000000000';
const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const hexOfUtf8 = (text: string): string => Buffer.from(text).toString('hex');
const unhex = (digits: string): string => Buffer.from(digits, 'hex').toString('latin1');

const process = (pid: number, path: string | null, comm: string): Process => ({
  pid,
  unique: 1000 + pid,
  coalition: 1,
  uid: 501,
  path,
  comm,
});

const PROCESSES = [
  process(0, null, 'kernel_task'),
  process(440, '/Applications/SecretProject.app/Contents/Frameworks/SecretProject Helper', 'SecretProject H'),
  process(441, '/Users/violet/Code/hush/target/release/hush', 'hush'),
  process(442, '/private/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/builder', 'builder'),
  process(443, '/Users/build/bin/sh', 'sh'),
  process(444, `/Volumes/Violet's Disk/tools/run_${UUID}`, 'run_3F2504E0-4F'),
  process(445, '/opt/homebrew/Cellar/python@3.11/3.11.4/bin/python3.11', 'python3'),
  process(446, null, 'SecretProject H'),
  process(447, '/Volumes/Backup/Users/robin/A/Versions', 'Versions'),
  process(448, '/Users/violet/Größe/Überraschung 中', 'Überraschung \uFFFD'),
  process(449, '/System/Library/Frameworks/X.framework/Versions/A/XPCServices/Y.xpc/Contents/MacOS/Y', 'Y'),
];

const COMMENT =
  `on Violets-MacBook-Pro, called Violet’s MacBook Pro, a1:b2:c3:d4:e5:f6, of Violet (violet@example.com), ` +
  `volume /Volumes/Violet's Disk/x, file:///Users/mallory/y_${UUID}, nobody is ${NIL}`;

/** A Mac that tells who owns it wherever it can. */
const TALKATIVE = {
  ...(bare({}) as unknown as MachineFile),
  about: 'Mac16,8 (Apple M4 Pro): the Mac of violet',
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
        Pack: { data: hex(`\xe9F5D0433K5CUQ1LTAZ\xff ${UUID}`) },
        Owner: { data: hex('violet\0') },
        BatteryData: {
          dict: {
            SerialNumber: 48151623,
            BatterySerialNumber: { data: hex('D86017\0\0') },
            'Product Serial': { data: 'f00dcafe00c0ffee' },
          },
        },
        AdapterDetails: { list: [{ dict: { SerialString: 'C4H51730AML16YCAK', Name: 'USB-C' } }] },
        iSerialNumber: 3,
        'Serial ATA': 'yes',
        Comment: COMMENT,
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
      ['BMSN', 'ch8*', hex('F8Y0433K5CUQ\0\0'), hex('F8Y0433K5CUQ\0\0')],
      ['TB1T', 'flt ', 'c8ccc441', 'cdccc441', 'c8ccc441'],
      ['XSER', 'hex_', hex('C02ZQ1XYLVDL')],
      ['YSER', 'hex_', hex('\xfeG9PT40QWLN63\xfe')],
    ],
  },
  libproc: { uid: 501, rusage: 6, processes: PROCESSES },
  doctor: {
    failures: [{ call: `cannot read /Users/violet/x on Violets-MacBook-Pro.local, ${UUID}` }],
    text: `robins@example.org; ${DOCUMENT}; 48151623; chip Apple M4 Pro`,
  },
} as unknown as MachineFile & { doctor: unknown };

const masked: Masked<typeof TALKATIVE> = mask(TALKATIVE, SECRETS, HIDE);
const kept: Masked<typeof TALKATIVE> = mask(TALKATIVE, SECRETS, KEEP);

const OWNERS = [
  UUID,
  DOCUMENT,
  'violet',
  'mallory',
  'robin',
  "'s Disk",
  'C02ZQ1XYLVDL',
  'F5D0433K5CUQ1LTAZ',
  'C4H51730AML16YCAK',
  '48151623',
  'D86017',
  'G9PT40QWLN63',
  'a1:b2:c3:d4:e5:f6',
  'zyxvpxvq6csfxvn',
  'F8Y0433K5CUQ',
  '/Users/build/',
];
const NAMES = [
  'SecretProject',
  'kernel_task',
  'hush',
  '"sh"',
  '/sh"',
  'python',
  'raschung',
  'Größe',
  '中',
  'Versions',
];

describe('what is masked', () => {
  test.each([...OWNERS, ...NAMES])('%s is nowhere, in no case, and not as bytes', (secret) => {
    const text = serialize(masked.file).toLowerCase();
    expect(text).not.toContain(secret.toLowerCase());
    expect(text).not.toContain(hexOfUtf8(secret));
  });

  test.each(OWNERS)('%s is nowhere either when the names of processes are kept', (secret) => {
    expect(serialize(kept.file).toLowerCase()).not.toContain(secret.toLowerCase());
    expect(serialize(kept.file)).not.toContain(hex(secret));
  });

  test('the planted secrets are in the file', () => {
    const text = serialize(TALKATIVE).toLowerCase();
    for (const secret of [...OWNERS, ...NAMES])
      expect(text.includes(secret.toLowerCase()) || text.includes(hex(secret))).toBe(true);
  });

  test('bytes of a serial number that are no text', () => {
    const { data } = batteryOf(masked).BatteryData.dict['Product Serial'];
    expect(data).toMatch(/^[\da-f]{8}00[\da-f]{6}$/);
    for (const byte of ['f00dcafe', 'c0ffee']) expect(data).not.toContain(byte);
  });

  test('names of processes can be kept; of one that was cut in a character, the whole ones', () => {
    const commsOf = (file: MachineFile) => file.libproc!.processes.map(({ comm }) => comm);
    const cut = commsOf(TALKATIVE).map((comm) => comm.replace('\uFFFD', ''));
    expect(commsOf(kept.file).filter((_, i) => i !== 5)).toEqual(cut.filter((_, i) => i !== 5));
    expect(kept.file.libproc!.processes[1]!.path).toBe(PROCESSES[1]!.path);
    expect(kept.file.ioregistry[0]!.children).toEqual(TALKATIVE.ioregistry[0]!.children);
  });

  test('what decoders look for is as it was', () => {
    for (const { file } of [masked, kept]) {
      const { sysctl, ioregistry, smc, libproc, clock } = file;
      expect(sysctl['machdep.cpu.brand_string']).toEqual(['text', 'Apple M4 Pro']);
      expect(sysctl['hw.model']).toEqual(['text', 'Mac16,8']);
      expect(Object.keys(ioregistry[0]!.properties)).toEqual(
        Object.keys(TALKATIVE.ioregistry[0]!.properties),
      );
      expect(ioregistry[0]!.properties).toMatchObject({
        model: 'Apple M4 Pro',
        CycleCount: 87,
        iSerialNumber: 3,
        'Serial ATA': 'yes',
      });
      expect(ioregistry[0]!.children![0]!.properties['AppUsage']).toEqual({
        list: [{ dict: { API: 'Metal' } }],
      });
      expect(smc!.keys.map(([key, type]) => [key, type])).toEqual(
        TALKATIVE.smc!.keys.map(([key, type]) => [key, type]),
      );
      expect(smc!.keys[1]).toEqual(TALKATIVE.smc!.keys[1]);
      expect(libproc!.processes.map((one) => ({ ...one, path: '', comm: '' }))).toEqual(
        PROCESSES.map((one) => ({ ...one, path: '', comm: '' })),
      );
      expect(clock).toEqual(TALKATIVE.clock);
    }
  });
});

const batteryOf = ({ file }: Masked<MachineFile>) =>
  file.ioregistry[0]!.properties as unknown as {
    readonly Serial: string;
    readonly Comment: string;
    readonly ManufacturerData: { readonly data: string };
    readonly Pack: { readonly data: string };
    readonly BatteryData: {
      readonly dict: {
        readonly SerialNumber: number;
        readonly 'Product Serial': { readonly data: string };
      };
    };
  };

describe('the shape of a mask', () => {
  const battery = batteryOf(masked);
  test('a UUID is one, of the same case; the nil UUID stays', () => {
    expect(masked.file.sysctl['kern.bootsessionuuid']![1]).toMatch(
      /^[\dA-F]{8}(-[\dA-F]{4}){3}-[\dA-F]{12}$/,
    );
    expect(masked.replaced.get(DOCUMENT)).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(battery.Comment).toMatch(new RegExp(`nobody is ${NIL}$`));
  });
  test('a serial number has its letters and digits in the same places', () => {
    expect(battery.Serial).toMatch(/^[A-Z]\d[A-Z]\d{4}[A-Z]\d[A-Z]{3}\d[A-Z]{4}$/);
    expect(String(battery.BatteryData.dict.SerialNumber)).toMatch(/^[1-9]\d{7}$/);
  });
  test('bytes stay as many, and those between stay', () => {
    expect(unhex(battery.ManufacturerData.data)).toMatch(/^\0\0[A-Z]\d\d[A-Z]{2}\d[A-Z]{6}\0$/);
    expect(unhex(battery.Pack.data)).toBe(`\xe9${battery.Serial}\xff ${masked.replaced.get(UUID)!}`);
    const [number, again] = masked.file.smc!.keys[0]!.slice(2) as [string, string];
    expect(unhex(number)).toMatch(/^[A-Z]\d[A-Z]\d{4}[A-Z]\d[A-Z]{3}\0\0$/);
    expect(again).toBe(number);
    expect(unhex(masked.file.smc!.keys[3]![2]!)).toMatch(/^\xfe[A-Z]\d[A-Z]{2}\d\d[A-Z]{4}\d\d\xfe$/);
  });
  test('a text keeps what is between its names', () => {
    expect(battery.Comment).toMatch(
      /^on \w{7}-\w{7}-\w{3}, called \w{6}’\w \w{7} \w{3}, [\da-f:]{17}, of [A-Z][a-z]{5} \(\w{6}@\w{7}\.\w{3}\), volume \/Volumes\/\w{6}'\w \w{4}\/\w, file:\/\/\/Users\/[a-z]{7}\/y_[\dA-F-]{36}, nobody is [0-]{36}$/,
    );
  });
  test('a path keeps its layout', () => {
    expect(masked.file.libproc!.processes.map(({ path }) => path)).toEqual(
      [
        null,
        /^\/Applications\/[A-Z][a-z]{5}[A-Z][a-z]{6}\.app\/Contents\/Frameworks\/[A-Z]\w+ [A-Z]\w+$/,
        /^\/Users\/[a-z]{6}\/[A-Z][a-z]{3}\/[a-z]{4}\/[a-z]{6}\/[a-z]{7}\/[a-z]{4}$/,
        /^\/private\/var\/folders\/[a-z]{2}\/[a-z]{8}[a-z\d]{7}_[a-z\d]+\/[A-Z]\/[a-z]{7}$/,
        /^\/Users\/[a-z]{5}\/bin\/[a-z]{2}$/,
        /^\/Volumes\/[A-Z][a-z]{5}'[a-z] [A-Z][a-z]{3}\/[a-z]{5}\/[a-z]{3}_[\dA-F]{8}(-[\dA-F]{4}){3}-[\dA-F]{12}$/,
        /^\/opt\/homebrew\/Cellar\/[a-z]{6}@\d\.\d\d\/\d\.\d\d\.\d\/bin\/[a-z]{6}\d\.\d\d$/,
        null,
        /^\/Volumes\/[A-Z][a-z]{5}\/Users\/[a-z]{5}\/A\/[A-Z][a-z]{7}$/,
        /^\/Users\/[a-z]{6}\/[A-Z][a-z]{4}\/[A-Z][a-z]{11} [a-z]$/,
        // Somebody has called a program "Versions".
        /^\/System\/Library\/Frameworks\/[A-Z]\.framework\/(?!Versions)[A-Z][a-z]{7}\/A\/XPCServices\/[A-Z]\.xpc\/Contents\/MacOS\/[A-Z]$/,
      ].map((shape) => shape && (expect.stringMatching(shape) as unknown)),
    );
  });
});

describe('the same word has the same mask', () => {
  const [, helper, own, , shell, tool, python, nameless] = masked.file.libproc!.processes;
  const nameOf = ({ path }: Process) => path!.slice(path!.lastIndexOf('/') + 1);
  test('what the kernel and the GPU driver have of a name is the beginning of its mask', () => {
    const creator = masked.file.ioregistry[0]!.children![0]!.properties['IOUserClientCreator'];
    const name = nameOf(helper!);
    expect(helper!.comm).toBe(name.slice(0, 15));
    expect(creator).toBe(`pid 440, ${name.slice(0, 16)}`);
    expect(tool!.comm).toBe(nameOf(tool!).slice(0, 15));
    expect(python!.comm).toBe(nameOf(python!).slice(0, 7));
    expect(nameless!.comm).toBe(helper!.comm);
  });
  test('everywhere', () => {
    const violet = masked.replaced.get('violet')!;
    const uuid = masked.replaced.get(UUID)!;
    const { Serial, Comment } = batteryOf(masked);
    expect(shell!.comm).toBe(nameOf(shell!));
    expect(own!.path).toContain(`/${violet}/`);
    expect(JSON.stringify(masked.file.doctor)).toContain(`/Users/${violet}/x`);
    expect(nameOf(tool!)).toMatch(new RegExp(`_${uuid}$`));
    expect(Comment).toContain(uuid);
    expect(masked.file.sysctl['kern.bootsessionuuid']).toEqual(['text', uuid]);
    expect(masked.replaced.get('F5D0433K5CUQ1LTAZ')).toBe(Serial);
  });
  test('and another one with another key', () => {
    const other = mask(TALKATIVE, SECRETS, { ...HIDE, key: Buffer.from('another') });
    for (const [word, of] of masked.replaced)
      if (word.length > 5) expect([word, other.replaced.get(word)]).not.toEqual([word, of]);
  });
});

describe('words', () => {
  const word = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', '1'), minLength: 1, maxLength: 2 }),
    fc.constantFrom('sh', 'ld', 'cc', 'as', 'x', '1', '2', '10'),
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  );
  test('no two have the same mask, and no mask is a word, however short they are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 200 }), (all) => {
        const words = new Words(KEY);
        words.reserve(all);
        for (const each of all) words.of(each);
        const masks = [...words.replaced.values()];
        expect(new Set(masks).size).toBe(masks.length);
        for (const each of masks) expect(all).not.toContain(each);
        expect(all.map((each) => words.of(each))).toEqual(
          all.map((each) => words.replaced.get(each) ?? each),
        );
      }),
    );
  });

  test('the mask of a beginning is the beginning of the mask', () => {
    const name = fc.string({
      unit: fc.constantFrom('ä', 'b', 'C', '-', '7', '中'),
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 20 }), (all) => {
        const begun = (each: string) => each.slice(0, Math.ceil(each.length / 2));
        const words = new Words(KEY, new Set(all.map(begun)));
        for (const each of all.filter((one) => !/^\d+$/.test(one)))
          expect(words.of(each).startsWith(words.of(begun(each)))).toBe(true);
      }),
    );
  });

  test('a number stays one of its type', () => {
    const number = fc.oneof(
      fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }),
      fc.bigInt({ min: 2n ** 62n, max: 2n ** 63n - 1n }),
      fc.bigInt({ min: 10n ** 19n, max: 2n ** 64n - 1n }),
    );
    fc.assert(
      fc.property(number, (value) => {
        const mask = new Words(KEY).of(String(value));
        expect(mask).toMatch(new RegExp(`^[1-9]\\d{${String(value).length - 1}}$`));
        for (const limit of [2n ** 53n - 1n, 2n ** 63n - 1n, 2n ** 64n - 1n])
          if (value <= limit) expect(BigInt(mask) <= limit).toBe(true);
      }),
    );
  });
});

test.each([
  [-9007199254740991, /^-[1-9]\d{15}$/],
  [-9223372036854775807n, /^-[1-9]\d{18}$/],
  ['18446744073172697091', /^[1-9]\d{19}$/],
  [0, /^0$/],
])('the serial number %s is a number in the recording', (number, shape) => {
  const entry: Entry = { id: 1, class: ['X'], name: 'X', properties: { SerialNumber: number } };
  const { file } = mask({ ...TALKATIVE, ioregistry: [entry] }, NOTHING, HIDE);
  const value = file.ioregistry[0]!.properties['SerialNumber'];
  expect(typeof value).toBe(typeof number);
  expect(`${value as number}`).toMatch(shape);
  if (number !== 0) expect(value).not.toBe(number);
});

test('many one-letter texts of the SMC keep their number of bytes', () => {
  const keys = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ', (letter): SmcKey => [
    `x${letter}`,
    'ch8*',
    hex(letter),
  ]);
  const { file } = mask({ ...TALKATIVE, smc: { entry: 1, keys } }, NOTHING, HIDE);
  for (const [, , value] of file.smc.keys) expect(value).toMatch(/^[\da-f]{2}$/);
});

describe('common words are not taken for a name', () => {
  const aboutWith = (about: string, secrets: Partial<Secrets>) =>
    mask({ ...TALKATIVE, about }, { ...NOTHING, ...secrets }, KEEP).file.about;
  test.each([
    ['Apple M4 Pro, admin mode, build', { userNames: ['admin', 'build', 'm4', '_windowserver'] }],
    ['a mac with Apple M4 Pro', { userNames: ['a', 'pro'], hostNames: ['mac.local'] }],
    ['Unknown is an unknown serial', { serials: ['', '0', 'is'] }],
  ])('%s', (about, secrets) => expect(aboutWith(about, secrets)).toBe(about));

  test('but the whole name of such a host is, and what such a user has', () => {
    const secrets = { userNames: ['pro'], hostNames: ['mac.local'] };
    expect(aboutWith('mac.local: pro has an Apple M4 Pro', secrets)).toMatch(
      /^[a-z]{3}\.[a-z]{5}: (?!pro)[a-z]{3} has an Apple M4 Pro$/,
    );
    expect(aboutWith('/Users/admin/x and /Users/Shared/x', secrets)).toMatch(
      /^\/Users\/(?!admin)[a-z]{5}\/x and \/Users\/Shared\/x$/,
    );
  });
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

  test('differs in texts of processes, in the session and in serial numbers, and in nothing else', () => {
    const paths = new Set(differences(original, file));
    expect([...paths].filter((path) => !MAY_DIFFER.test(path))).toEqual([]);
    expect(paths).toContain('sysctl.kern.bootsessionuuid.1');
  });

  test('shows the same page, with masks in the place of names', async () => {
    const [page, ofMasked] = [await pageOf(original), await pageOf(file)];
    const names = new Map([...replaced].map(([word, of]) => [of, word]));
    const restored = ofMasked.replaceAll(
      /\b(app|process)="([^"]*)"/g,
      (_, label: string, value: string) => `${label}="${names.get(value) ?? value}"`,
    );
    expect(restored).not.toBe(ofMasked);
    expect(restored.split('\n').sort()).toEqual(page.split('\n').sort());
  });

  test('shows the very same page if names are kept', async () => {
    expect(await pageOf(mask(original, NOTHING, KEEP).file)).toBe(await pageOf(original));
  });
});

const MAY_DIFFER =
  /^(?:libproc\.processes\.\d+\.(?:path|comm)|ioregistry\..*\.(?:IOUserClientCreator|Serial)|sysctl\.kern\.bootsessionuuid\.1|smc\.keys\.\d+\.\d+)$/;

/** Places of values that are not the same. */
function differences(one: unknown, other: unknown, path: readonly string[] = []): readonly string[] {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return one === other ? [] : [path.join('.')];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  const at = (value: object, key: string) => (value as Readonly<Record<string, unknown>>)[key];
  return [...keys].flatMap((key) => differences(at(one, key), at(other, key), [...path, key]));
}

const pageOf = async (file: MachineFile): Promise<string> =>
  stable(await withExporter(JSON.parse(serialize(file)) as Machine, (exporter) => exporter.pageAfter(12)));

/** Values of texts, and the parts of paths. */
const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].flatMap(([, value]) => [value!, ...value!.split('/')]);
