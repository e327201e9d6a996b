/** Conditions of a list as they stand in an address: what one has found can be kept, sent to a colleague and opened again. */

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))

/** What is typed. Of `days` (`yyyy-MM-dd`) what is none is left out. */
export const readTyped = (address: URLSearchParams, texts: readonly string[], days: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...texts, ...days].flatMap((key) => {
      const value = address.get(key)?.trim() ?? ''
      return value === '' || (days.includes(key) && !isDay(value)) ? [] : [[key, value] as const]
    }),
  )

/** What is chosen of a list of names. Others are left out. */
export const readChosen = <Name extends string>(address: URLSearchParams, key: string, known: readonly Name[]): Name[] =>
  known.filter((name) => (address.get(key) ?? '').split(',').includes(name))

/**
 * Names of conditions in an address that are not asked as they stand there, beside what is asked as it is written: a name of no state, a day that is none. What is listed is then
 * more than was meant, and must not be acted upon as a whole.
 */
export const leftOutOf = (address: URLSearchParams, asking: string): string[] => {
  const asked = new URLSearchParams(asking)
  const isAsked = (key: string, value: string): boolean => {
    const [written, parts] = [asked.get(key)?.split(',') ?? [], value.split(',')]
    return parts.length === written.length && parts.every((part) => written.includes(part))
  }
  return [...address].flatMap(([key, value]) => (value.trim() === '' || isAsked(key, value.trim()) ? [] : [key]))
}

type Values = Readonly<Record<string, string | readonly string[] | undefined>>

/** In the order of the keys: equal conditions have equal addresses. What is empty is left out. */
export const writeConditions = <Asked extends object>(asked: Asked, keys: readonly (keyof Asked & string)[]): string => {
  const address = new URLSearchParams()
  for (const key of keys) {
    const value = (asked as Values)[key]
    const text = typeof value === 'string' ? value.trim() : (value?.join(',') ?? '')
    if (text !== '') address.set(key, text)
  }
  return address.toString().replaceAll('%2C', ',')
}
