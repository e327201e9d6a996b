import { diffLines } from 'diff'

export interface DifferentLines {
  readonly kind: 'SAME' | 'ADDED' | 'REMOVED'
  readonly text: string
  /** Of the first line, so that two equal parts have two keys. */
  readonly at: number
}

/** Lines that are the same stand for themselves only near to what differs. */
const AROUND = 2
const GAP = '…'

const shortened = (lines: readonly string[], isFirst: boolean, isLast: boolean): string[] => {
  const before = isFirst ? 0 : AROUND
  const after = isLast ? 0 : AROUND
  if (lines.length <= before + after + 1) return [...lines]
  return [...lines.slice(0, before), GAP, ...(after === 0 ? [] : lines.slice(-after))]
}

/** What one attempt said otherwise than another, line by line; empty: nothing. */
export const differencesOf = (before: string, after: string): DifferentLines[] => {
  const parts = diffLines(before, after, { ignoreNewlineAtEof: true })
  if (parts.every(({ added, removed }) => !added && !removed)) return []
  let at = 0
  return parts.map(({ added, removed, value, count = 0 }, index) => {
    const kind = added ? 'ADDED' : removed ? 'REMOVED' : 'SAME'
    const lines = value.replace(/\n$/, '').split('\n')
    const text = (kind === 'SAME' ? shortened(lines, index === 0, index === parts.length - 1) : lines).join('\n')
    const part = { kind, text, at } as const
    at += count
    return part
  })
}
