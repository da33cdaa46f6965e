/** A copy without some of its properties. */
export const omit = <T extends object, K extends string>(value: T, ...names: readonly K[]): Omit<T, K> =>
  Object.fromEntries(
    Object.entries(value).filter(([name]) => !(names as readonly string[]).includes(name)),
  ) as Omit<T, K>;
