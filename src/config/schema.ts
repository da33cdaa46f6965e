// The configuration file as a JSON Schema, for editors and for who checks before a rollout.

import { fileOptions } from './given';
import type { Option } from './options';

type Schema = Readonly<Record<string, unknown>>;

export const schemaOf = (options: readonly Option[]): Schema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Configuration file of metalstat-exporter',
  type: ['object', 'null'],
  additionalProperties: false,
  properties: Object.fromEntries(
    fileOptions(options).map((option) => [option.name, { description: option.help, ...typeOf(option) }]),
  ),
});

function typeOf({ value, on, choices, repeatable, default: preset }: Option): Schema {
  if (value === undefined || on) return { type: 'boolean', default: on === true };
  const one = choices ? { enum: choices } : { type: ['string', 'number'] };
  const withDefault = preset === undefined ? {} : { default: preset };
  if (!repeatable) return { ...one, ...withDefault };
  return { anyOf: [one, { type: 'array', items: one, minItems: 1 }], ...withDefault };
}
