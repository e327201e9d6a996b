/**
 * The time inside a counterpart system: real time, multiplied by `speed`, plus what a test advanced. It never goes backwards.
 * Work can be put off to a later twin time; it runs when someone calls `runDue`, never by itself.
 */
export class TwinClock {
  private baseTwinMs: number
  private baseRealMs = Date.now()
  private late: { dueMs: number; run: () => Promise<void> }[] = []

  constructor(
    private speed = 1,
    startAt = new Date(),
  ) {
    this.baseTwinMs = startAt.getTime()
  }

  now(): Date {
    return new Date(this.baseTwinMs + (Date.now() - this.baseRealMs) * this.speed)
  }

  /** 1 is real time, 0 stands still, 86,400 is a day a second. */
  setSpeed(speed: number): void {
    if (!(speed >= 0)) throw new Error('speed must be 0 or more')
    this.restartAt(this.now().getTime())
    this.speed = speed
  }

  advance(ms: number): void {
    if (!(ms >= 0)) throw new Error("a twin's clock cannot go backwards")
    this.restartAt(this.now().getTime() + ms)
  }

  /** Moves to that instant when it lies ahead; stays where it is otherwise. */
  catchUpWith(instant: Date): void {
    if (Number.isNaN(instant.getTime())) throw new Error('not an instant')
    this.restartAt(Math.max(this.now().getTime(), instant.getTime()))
  }

  /** Real time again, as a new clock: for a twin that starts over. */
  restart(): void {
    this.restartAt(Date.now())
  }

  after(ms: number, run: () => Promise<void>): void {
    this.late.push({ dueMs: this.now().getTime() + ms, run })
  }

  get pending(): number {
    return this.late.length
  }

  forgetLateWork(): void {
    this.late = []
  }

  /** Runs, in order of their time, the pieces of work that are due. */
  async runDue(): Promise<void> {
    const now = this.now().getTime()
    const due = this.late.filter((work) => work.dueMs <= now).sort((a, b) => a.dueMs - b.dueMs)
    this.late = this.late.filter((work) => work.dueMs > now)
    for (const work of due) await work.run()
  }

  private restartAt(twinMs: number): void {
    this.baseTwinMs = twinMs
    this.baseRealMs = Date.now()
  }
}
