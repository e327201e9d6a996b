/** A reply to another question. The message is a few English words that hold no value of it. */
export class OtherAnswer extends Error {}

/**
 * Hỏi gì, trả lời nấy: which of the things that were asked for each row of a reply tells of. A row that nobody asked for, or two of one thing, show that the
 * reply answers another question, or cannot be told apart: then none of its rows is believed, nor that what it lacks does not exist.
 *
 * The same thing may be written in other ways: spaces around a part of its name count for nothing, and zeros before a number count for nothing where a single
 * spelling of that number was asked for. Some land systems keep sheet and parcel as numbers, others as text (`domain.md` 1.2). Anything else, such as a
 * commune without the province before it, is another name: codes are used again with another meaning.
 */
export class AskedRows<Key> {
  /** By the name as numbers, then by the name as it was sent: the keys of ours that are called so over there. */
  private readonly asked = new Map<string, Map<string, Key[]>>()

  /** `row`: the element of a row. */
  constructor(private readonly row: string) {}

  ask(name: readonly string[], key: Key): void {
    const spellings = this.asked.get(asNumbers(name)) ?? new Map<string, Key[]>()
    this.asked.set(asNumbers(name), spellings)
    spellings.set(asWritten(name), [...(spellings.get(asWritten(name)) ?? []), key])
  }

  /** Each row with the keys that it answers. Throws {@link OtherAnswer}. */
  match<Row>(rows: readonly Row[], nameOf: (row: Row) => readonly string[]): readonly (readonly [Row, readonly Key[]])[] {
    const told = new Map<string, readonly [Row, readonly Key[]]>()
    for (const row of rows) {
      const spellings = this.asked.get(asNumbers(nameOf(row)))
      if (spellings === undefined) throw this.other('that was not asked for')
      const spelling = spellings.size === 1 ? [...spellings.keys()][0] : asWritten(nameOf(row))
      const keys = spelling === undefined ? undefined : spellings.get(spelling)
      if (spelling === undefined || keys === undefined) throw this.other('that is not surely one of those asked for')
      if (told.has(spelling)) throw this.other('that is there twice')
      told.set(spelling, [row, keys])
    }
    for (const spellings of this.asked.values()) {
      const answered = [...spellings.keys()].filter((spelling) => told.has(spelling)).length
      if (answered > 0 && answered < spellings.size) throw this.other('that is not surely one of those asked for')
    }
    return [...told.values()]
  }

  private other(why: string): OtherAnswer {
    return new OtherAnswer(`a ${this.row} ${why}`)
  }
}

const asWritten = (name: readonly string[]): string => JSON.stringify(name.map((part) => part.trim()))

const asNumbers = (name: readonly string[]): string => JSON.stringify(name.map((part) => part.trim().replace(/^0+(?=\d+$)/, '')))
