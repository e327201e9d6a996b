type Present<Value> = Value extends null
  ? never
  : Value extends Date
    ? Value
    : Value extends readonly (infer Item)[]
      ? Present<Item>[]
      : Value extends object
        ? { [Name in keyof Value]: Present<Value[Name]> }
        : Value

/** GraphQL says null for "not given"; inside, what is not given is absent. Applies to the whole tree. */
export const withoutNulls = <Value>(value: Value): Present<Value> => {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map((item: unknown) => withoutNulls(item)) as Present<Value>
  if (value === null || typeof value !== 'object' || value instanceof Date) return value as Present<Value>
  const given = Object.entries(value).filter(([, item]) => item !== null && item !== undefined)
  return Object.fromEntries(given.map(([name, item]) => [name, withoutNulls(item)])) as Present<Value>
}
