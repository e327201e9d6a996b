import type { GraphQLError, GraphQLResolveInfo } from 'graphql'
import { tooManyRows } from './query-limits.js'

/** Lists of one answer that are read at once: enough for a page of 100 with ten lists each, in one statement of a kind. */
const MOST_LISTS_AT_ONCE = 1_000

/**
 * Số dòng của một câu trả lời. Before a query runs nobody knows how long a list without `first` will be (`query-cost.ts` takes it to have a few rows),
 * and lists that lead back into each other (`transfers { dossier { transfers { … } } }`) multiply: five of them, of a dossier with thirty transfers,
 * are millions of rows. So rows are counted while they are read, and an answer ends where it has more of them than `maxCost` allows it fields.
 * Then nothing more is read or shown for it, and one error tells of all that is missing: graphql-js goes on with all siblings, and an error of its own for each
 * of ten thousand lists would keep the process busy for seconds. For the same reason only so many lists are read before their rows are counted.
 */
export class AnswerRows {
  private counted = 0
  private reading = 0
  private readonly waiting: (() => void)[] = []
  private end: GraphQLError | undefined

  constructor(private readonly most: number) {}

  /** Throws the error with which the answer has ended. */
  goOn(): void {
    if (this.end) throw this.end
  }

  /** Counts what a list has brought. */
  count<Rows>(rows: Rows, info: GraphQLResolveInfo): Rows {
    this.goOn()
    if (Array.isArray(rows)) this.counted += rows.length
    if (this.counted <= this.most) return rows
    this.end = tooManyRows({ rows: this.counted, maxCost: this.most }, info)
    this.goOn()
    return rows
  }

  /** Reads a list and counts it: at once, or when another one that is being read has been counted. */
  read(resolve: () => unknown, info: GraphQLResolveInfo): unknown {
    if (this.reading >= MOST_LISTS_AT_ONCE)
      return new Promise<void>((start) => this.waiting.push(start)).then(() => this.follow(resolve, info))
    const rows = resolve()
    return rows instanceof Promise ? this.follow(() => rows, info) : this.count(rows, info)
  }

  private async follow(resolve: () => unknown, info: GraphQLResolveInfo): Promise<unknown> {
    this.goOn()
    this.reading++
    try {
      return this.count(await resolve(), info)
    } finally {
      this.reading--
      // Once the answer has ended, each that waits hears so by itself.
      for (const start of this.waiting.splice(0, this.end ? this.waiting.length : 1)) start()
    }
  }
}
