/**
 * Nhịp đọc lại: where a poll begins. Behind the cursor lies an overlap that is read again, for a change may be committed late at the source. Where rows in it
 * carry large files, these would travel with each poll for hours: then some polls, one for each megabyte that was read again, begin at the
 * cursor, and the next one begins an overlap before the place where the last reading of it had ended. So what is committed late is still found as long as
 * fewer later ones were read than the overlap has, only that many polls later. Kept by each process for itself.
 */
export class RereadPace {
  /** The cursor when the overlap was last read again. */
  private readAt: bigint | undefined
  private passing = 0

  begin(cursor: bigint, overlap: bigint): { readonly from: bigint; readonly rereads: boolean } {
    const last = this.readAt === undefined || this.readAt > cursor ? cursor : this.readAt
    const hasGoneFar = cursor - last >= overlap
    if (this.passing > 0 && !hasGoneFar) return { from: cursor, rereads: false }
    const from = (hasGoneFar ? cursor - overlap : last) - overlap
    return { from: from > 0n ? from : 0n, rereads: true }
  }

  /** A poll has read on to `position`; of what it read again the files weighed so much. */
  ended({ rereads }: { readonly rereads: boolean }, position: bigint, bytesAgain: number): void {
    if (!rereads) {
      this.passing -= 1
      return
    }
    this.readAt = position
    this.passing = Math.min(Math.floor(bytesAgain / MEGABYTE), MOST_PASSED)
  }
}

const MEGABYTE = 1_048_576
const MOST_PASSED = 30
