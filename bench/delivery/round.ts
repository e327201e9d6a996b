import type { Guard } from '../guarantees/without-guard.js'
import { runBareLoop } from './bare-loop.js'
import { runBareQueue } from './bare-queue.js'
import { runGateway } from './gateway-path.js'

/** One round of one contestant, in a process of its own: what to do comes by the environment, the result goes to standard output as JSON. */
export interface RoundTask {
  readonly contestant: 'gateway' | 'bare-bullmq' | 'bare-loop'
  readonly databaseUrl: string
  readonly redisUrl?: string
  readonly backendUrl: string
  readonly stateDir: string
  readonly count: number
  readonly concurrency: number
  /** Guards to take out of the gateway's path. */
  readonly without?: readonly Guard[]
}

export interface RoundResult {
  readonly perSecond: number
  readonly peakMemoryMb: number
}

/** Done first and not counted: connections, prepared statements, compiled code. */
export const WARM_UP = 100

const CONTESTANTS = { gateway: runGateway, 'bare-bullmq': runBareQueue, 'bare-loop': runBareLoop } as const

const task = JSON.parse(process.env.BENCH_TASK ?? '{}') as RoundTask
const seconds = await CONTESTANTS[task.contestant](task)
const result: RoundResult = { perSecond: task.count / seconds, peakMemoryMb: process.resourceUsage().maxRSS / 1024 }
process.stdout.write(`${JSON.stringify(result)}\n`)
