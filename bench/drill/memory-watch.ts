import { forgetPeakMemory, peakMemoryMb } from './program.js'

/** Highest memory of each program: the kernel's own mark, sampled, for a process that is killed takes its mark with it. */
export interface MemoryWatch {
  /** Highest of all programs since the last call, in MB, with the name of the one that had it. */
  take(): Promise<{ readonly name: string; readonly mb: number }>
  stop(): void
}

const SAMPLE_EVERY_MS = 500

export const openMemoryWatch = (running: () => readonly (readonly [name: string, pid: number])[]): MemoryWatch => {
  let highest = { name: '', mb: 0 }
  const sample = async (): Promise<void> => {
    for (const [name, pid] of running()) {
      const mb = (await peakMemoryMb(pid)) ?? 0
      if (mb > highest.mb) highest = { name, mb }
    }
  }
  /** One look after the other: a sample begun before a peak is forgotten must not bring it back. */
  let last: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    last = last.then(sample)
  }, SAMPLE_EVERY_MS)
  return {
    take: async () => {
      let seen = highest
      last = last.then(async () => {
        await sample()
        seen = highest
        highest = { name: '', mb: 0 }
        for (const [, pid] of running()) await forgetPeakMemory(pid)
      })
      await last
      return seen
    },
    stop: () => clearInterval(timer),
  }
}
