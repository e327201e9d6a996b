/** Số dòng một trang: how many rows of a page are asked for. Halved when a page did not come in time or was too large, and doubled again with each that came. */
export class PageRows {
  private now: number

  constructor(
    private readonly largest: number,
    private readonly smallest = 10,
  ) {
    this.now = largest
  }

  get most(): number {
    return this.now
  }

  shrink(): void {
    this.now = Math.max(this.smallest, Math.floor(this.now / 2))
  }

  grow(): void {
    this.now = Math.min(this.largest, this.now * 2)
  }
}
