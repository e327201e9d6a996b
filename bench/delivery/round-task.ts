import type { Guard } from '../guarantees/without-guard.js'

/** What one round is to do; it comes to its process by the environment. */
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
