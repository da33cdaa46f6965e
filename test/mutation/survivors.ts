// The mutants that nothing has noticed, as both reports list them.

interface Survivor {
  readonly file: string;
  readonly line: number;
  readonly operator: string;
  readonly before: string;
  readonly after: string;
}

/** Two sections: those that want a test, and those of which it is known why they change nothing. */
export function sectionsOf<S extends Survivor>(
  survivors: readonly S[],
  whyOf: (survivor: S) => string | undefined,
): readonly string[] {
  const open = survivors.filter((survivor) => whyOf(survivor) === undefined);
  const explained = survivors.filter((survivor) => !open.includes(survivor));
  return [
    ...section('Survivors without an explanation', open, () => ''),
    '',
    ...section('Survivors that are explained', explained, (survivor) => ` (${whyOf(survivor)})`),
  ];
}

const section = <S extends Survivor>(
  title: string,
  survivors: readonly S[],
  tell: (survivor: S) => string,
): readonly string[] => [
  `## ${title}`,
  '',
  '```text',
  ...survivors.flatMap((survivor) => [
    `${survivor.file}:${survivor.line}: ${survivor.operator}${tell(survivor)}`,
    `  - ${survivor.before.trim()}`,
    `  + ${survivor.after.trim()}`,
  ]),
  '```',
];
