import { RereadPace } from './reread-pace.js'

/**
 * Cỡ trang: how many changes are asked for at once. Rows may carry files, so a page of the configured size can be more than a system can
 * give in time, and more than our database can store in one transaction when it is busy. After a page that failed for it a single row is asked for, since each that fails costs a whole deadline and a small one costs little; each page that
 * comes is followed by one twice as large, up to half of what failed.
 *
 * What failed is tried again after 1, 2, 4, … and at most {@link MOST_WAITED} pages of that half, so that most pages come; a trial that fails
 * leads back to the half, which has just been given. Kept by each process for itself.
 */
export class PageSize {
  /** What else this process has learnt of reading the system. */
  readonly pace = new RereadPace()
  private size: number
  /** Pages of so many rows are not known to fail. More is a trial. */
  private safe: number
  /** Pages of so many rows that are to come before more is tried. */
  private wanted = 1
  private came = 0
  /** Where a single row did not come, and how often in a row it ended there. */
  private stuck = { position: -1n, times: 0 }

  constructor(readonly most: number) {
    this.size = most
    this.safe = most
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
    const wasTrial = this.size > this.safe
    if (wasTrial) this.wanted = Math.min(this.wanted * 2, MOST_WAITED)
    else this.safe = Math.max(1, Math.floor(Math.min(rows, this.size) / 2))
    this.size = wasTrial ? this.safe : 1
    this.came = 0
  }

  /** Nothing smaller can be asked for than the one row behind `position`. True: that has failed there again and again. */
  isStalledAt(position: bigint): boolean {
    this.stuck = { position, times: this.stuck.position === position ? this.stuck.times + 1 : 1 }
    return this.stuck.times >= TIMES_BEFORE_STALLED
  }

  /** A page came. */
  grow(): void {
    if (this.size < this.safe) {
      this.size = Math.min(this.safe, this.size * 2)
      return
    }
    if (this.size > this.safe) this.wanted = 1
    this.safe = this.size
    this.came += 1
    if (this.came < this.wanted) return
    this.size = Math.min(this.most, this.size * 2)
    this.came = 0
  }
}

const MOST_WAITED = 32
const TIMES_BEFORE_STALLED = 3
