/**
 * The end of a program, in order. Each part registers how it stops, right after it started; they stop in the opposite
 * order, one after another, each within its own time, so that servers close before the queue and the queue before the
 * database. Ctrl-C (or SIGTERM) begins it; a second Ctrl-C ends the process at once.
 */
import { setTimeout as wait } from 'node:timers/promises'

/** The part of a logger that is needed here. */
export interface ShutdownLog {
  info(fields: object, message: string): void
  error(fields: object, message: string): void
}

interface Step {
  readonly name: string
  readonly stop: () => Promise<void> | void
  readonly withinMs: number
}

const defaultWithinMs = 10_000
/** What a shell reports for a process ended by SIGINT. */
const exitCodeOfCtrlC = 130

export class Shutdown {
  private readonly steps: Step[] = []
  private running: Promise<boolean> | null = null
  private signals = 0

  constructor(private readonly log: ShutdownLog) {}

  /** Registers a part that has started. A step that takes longer than `withinMs` is given up and the next one begins. */
  onShutdown(name: string, stop: () => Promise<void> | void, withinMs: number = defaultWithinMs): void {
    this.steps.push({ name, stop, withinMs })
  }

  get isStopping(): boolean {
    return this.running !== null
  }

  /** Stops everything, once; resolves to true when every part stopped in time and without an error. */
  stop(): Promise<boolean> {
    this.running ??= this.runSteps()
    return this.running
  }

  /** Ends the process on SIGINT, SIGTERM and SIGHUP: exit code 0 after a clean stop, 1 otherwise, 130 at the second signal. */
  installSignalHandlers(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        this.signals += 1
        if (this.signals > 1) process.exit(exitCodeOfCtrlC)
        this.log.info({ signal }, 'Đang dừng… (Ctrl-C lần nữa để dừng ngay)')
        this.stop().then((clean) => process.exit(clean ? 0 : 1))
      })
    }
  }

  private async runSteps(): Promise<boolean> {
    let clean = true
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      clean = (await this.runStep(step)) && clean
    }
    return clean
  }

  private async runStep({ name, stop, withinMs }: Step): Promise<boolean> {
    const timer = new AbortController()
    const tooLate = wait(withinMs, 'too late' as const, { signal: timer.signal })
    // Its rejection when the step was in time is expected; the race has been decided by then.
    tooLate.catch(() => 'in time')
    try {
      const result = await Promise.race([Promise.resolve().then(stop), tooLate])
      if (result !== 'too late') return true
      this.log.error({ step: name, withinMs }, 'phần này không dừng kịp')
      return false
    } catch (error) {
      this.log.error({ step: name, err: error }, 'phần này dừng không sạch')
      return false
    } finally {
      timer.abort()
    }
  }
}
