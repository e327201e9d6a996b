/**
 * Nói dối: the next so many writes, of one operation or of any, are answered "received" and are not stored. Setting `lies`, made by the control action `lie`.
 */
interface Lies {
  readonly left: number
  readonly operation?: string
}

export const startLying = (settings: Record<string, unknown>, { count = 1, operation }: Readonly<Record<string, unknown>>): void => {
  settings.lies = { left: Number(count), ...(operation !== undefined && { operation: String(operation) }) } satisfies Lies
}

/** Whether this write is lied about; counts it. */
export const liesAbout = (settings: Record<string, unknown>, operation: string): boolean => {
  const lies = settings.lies as Lies | undefined
  if (lies === undefined || lies.left <= 0 || (lies.operation ?? operation) !== operation) return false
  settings.lies = { ...lies, left: lies.left - 1 } satisfies Lies
  return true
}
