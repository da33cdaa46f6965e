// What properties of the I/O Registry hold, by their names and types.

import type { Entry, Int, Value } from '../../native/machine_file';
import type { MaskedBytes } from './mask_bytes';
import { CREATOR, type MaskedProcesses } from './mask_processes';
import type { FreeText } from './mask_text';
import type { Words } from './mask_words';

/** Properties that hold a serial number, in whatever type. */
const isSerialNumber = (property: string): boolean => /serial/i.test(property) && !NO_SERIAL.test(property);
/** Serial ports and buses; and where a USB device keeps the text of its number. */
const NO_SERIAL =
  /^iSerial|serial(?:i[sz]|[\s_-]?(?:ata|bsd|bus|port|device|stream|speed|rate|count|index|type|version))/i;
/** Properties that a decoder, or who reads a recording, knows by heart. */
const KNOWN =
  /^(?:model|API|Metal\w*|\w*Class(?:Name)?|CFBundle\w*|IO(?:Name|PropertyMatch|Match)\w*|compatible|device[-_]type|name|cluster-type)$/;

type Properties = Readonly<Record<string, Value>>;

export class MaskedRegistry {
  constructor(
    private readonly words: Words,
    private readonly text: FreeText,
    private readonly bytes: MaskedBytes,
    private readonly processes: MaskedProcesses,
  ) {}

  entry(entry: Entry): Entry {
    return {
      ...entry,
      name: this.text.maskNumbers(entry.name),
      ...(entry.path !== undefined && { path: this.text.maskNumbers(entry.path) }),
      properties: this.#properties(entry.properties),
      ...(entry.children && { children: entry.children.map((child) => this.entry(child)) }),
    };
  }

  #properties(properties: Properties): Record<string, Value> {
    return Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [
        this.text.maskNumbers(name),
        this.#value(name, value),
      ]),
    );
  }

  #value(name: string, value: Value): Value {
    if (typeof value === 'string') return this.#text(name, value);
    if (typeof value === 'boolean') return value;
    if (isSeries(value)) return isSerialNumber(name) ? this.#number(value) : value;
    if ('dict' in value) return { dict: this.#properties(value.dict) };
    if ('list' in value) return { list: value.list.map((item) => this.#value(name, item)) };
    if ('counter' in value) return value;
    return {
      data: isSerialNumber(name)
        ? this.bytes.serialNumber(value.data)
        : this.bytes.data(value.data, KNOWN.test(name)),
    };
  }

  #text(name: string, text: string): string {
    if (name === CREATOR) return this.processes.creator(text);
    if (isSerialNumber(name)) return text.replaceAll(/\S+/g, (word) => this.words.serial(word));
    return KNOWN.test(name) ? this.text.maskNumbers(text) : this.text.mask(text);
  }

  #number(value: Int | readonly Int[]): Int | readonly Int[] {
    if (typeof value === 'object') return value.map((each) => this.#number(each) as Int);
    if (typeof value === 'number' && !Number.isSafeInteger(value)) return value;
    const sign = value < 0 ? '-' : '';
    const masked = sign + this.words.serial(String(value).slice(sign.length));
    return typeof value === 'bigint' ? BigInt(masked) : Number(masked);
  }
}

const isSeries = (value: Exclude<Value, string | boolean>): value is Int | readonly Int[] =>
  typeof value !== 'object' || Array.isArray(value);
