import { runBareLoop } from './bare-loop.js'
import { runBareQueue } from './bare-queue.js'
import { runGateway } from './gateway-path.js'
import type { RoundResult, RoundTask } from './round-task.js'

/** One round of one contestant, in a process of its own: what to do comes by the environment, the result goes to standard output as JSON. */
const CONTESTANTS = { gateway: runGateway, 'bare-bullmq': runBareQueue, 'bare-loop': runBareLoop } as const

const task = JSON.parse(process.env.BENCH_TASK ?? '{}') as RoundTask
const seconds = await CONTESTANTS[task.contestant](task)
const result: RoundResult = { perSecond: task.count / seconds, peakMemoryMb: process.resourceUsage().maxRSS / 1024 }
process.stdout.write(`${JSON.stringify(result)}\n`)
