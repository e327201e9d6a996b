const partsOf = (id: string): readonly [bigint, bigint] => {
  const [transaction = '0', number = '0'] = id.split('-')
  return [BigInt(transaction), BigInt(number)]
}

/** Whether `left` stands behind `right` in the log of changes. Both are ids of our own (`live-events.ts`). */
export const isLaterEvent = (left: string, right: string): boolean => {
  const [a, b] = [partsOf(left), partsOf(right)]
  return a[0] === b[0] ? a[1] > b[1] : a[0] > b[0]
}
