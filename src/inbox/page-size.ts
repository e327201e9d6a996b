import { RereadPace } from './reread-pace.js'

/**
 * Cỡ trang: how many changes are asked for at once. Rows may carry files, so a page of the configured size can be more than a system can
 * give in time. A poll that failed for it leaves half as many for the next one, down to a single row, and a poll that succeeded twice as
 * many, up to the configured size. It changes between polls alone: a poll at a size at which each row can be read gets on.
 *
 * Where the larger size fails each time, as behind a row that carries a large file, it is tried after 2, 4, 8, … and at most
 * {@link MOST_WAITED} polls, so that most polls succeed. Kept by each process for itself.
 */
export class PageSize {
  /** What else this process has learnt of reading the system. */
  readonly pace = new RereadPace()
  private size: number
  /** Successful polls at one size before a larger one is tried. */
  private wanted = 1
  private succeeded = 0
  private isTrial = false

  constructor(readonly most: number) {
    this.size = most
  }

  get rows(): number {
    return this.size
  }

  /** A smaller page reads less again, so that what is read again never takes more calls than at the full size. */
  overlapOf(overlap: bigint): bigint {
    const share = (overlap * BigInt(this.size)) / BigInt(this.most)
    return overlap > 0n && share === 0n ? 1n : share
  }

  /** So many rows were too many. */
  shrinkBelow(rows: number): void {
    if (this.isTrial) this.wanted = Math.min(this.wanted * 2, MOST_WAITED)
    this.size = Math.max(1, Math.floor(Math.min(rows, this.size) / 2))
    this.succeeded = 0
    this.isTrial = false
  }

  grow(): void {
    this.isTrial = false
    if (this.size === this.most) this.wanted = 1
    this.succeeded += 1
    if (this.size === this.most || this.succeeded < this.wanted) return
    this.size = Math.min(this.most, this.size * 2)
    this.succeeded = 0
    this.isTrial = true
  }
}

const MOST_WAITED = 32
