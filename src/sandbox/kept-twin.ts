import type { SpawnedTwin } from '../../adapters/soap/twin/spawn-twin.js'
import type { RunningTwin, TwinStart } from '../../adapters/soap/twin/twin.js'

/** Starts of one system beside its first: what dies that often has something that a further start does not mend. */
const MOST_RESTARTS = 3

export interface KeptTwinOptions {
  /** What people know the system by. */
  readonly name: string
  readonly start: TwinStart
  readonly spawn: (start: TwinStart) => Promise<SpawnedTwin>
  /** Hears, in a sentence, that it died and what becomes of it. */
  readonly tell: (sentence: string) => void
  /** True: the whole program ends, and what goes is not missed. */
  readonly isEnding: () => boolean
}

/**
 * Giữ hệ thống mô phỏng chạy: one that dies is told of and started again, at its old address and with its ledger, a few times; what people
 * told it through its control endpoint is forgotten. Rejects when it does not start the first time.
 */
export const keepTwin = async ({ name, start, spawn, tell, isEnding }: KeptTwinOptions): Promise<RunningTwin> => {
  const first = await spawn(start)
  const sameAddress: TwinStart = { ...start, port: portOf(first.url), controlPort: portOf(first.controlUrl) }
  let running: SpawnedTwin | undefined = first
  let isStopped = false
  const keep = async (): Promise<void> => {
    for (let restarts = 0; ; restarts += 1) {
      const ended = running ? howItEnded(await running.exited) : 'không khởi động được'
      running = undefined
      if (isStopped || isEnding()) return
      if (restarts === MOST_RESTARTS)
        return tell(`Hệ thống mô phỏng ${name} đã dừng (${ended}), sau ${restarts} lần khởi động lại: hãy chạy lại chương trình.`)
      tell(`Hệ thống mô phỏng ${name} đã dừng (${ended}): đang khởi động lại, lần ${restarts + 1} trên ${MOST_RESTARTS}.`)
      running = await spawn(sameAddress).catch(() => undefined)
      if (isStopped) await running?.stop()
    }
  }
  const kept = keep()
  return {
    url: first.url,
    controlUrl: first.controlUrl,
    stop: async () => {
      isStopped = true
      await running?.stop()
      await kept
    },
  }
}

const howItEnded = (code: number | null): string => (code === null ? 'bị hệ điều hành hoặc ai đó kết thúc' : `mã thoát ${code}`)

const portOf = (url: string): number => Number(new URL(url).port)
