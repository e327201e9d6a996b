import { setTimeout as pause } from 'node:timers/promises'

/** A front end that asks the gateway for one dossier after the other, so many times a second, and notes how long each answer took. */
export interface Reader {
  /** Answers since the last call: their 99th percentile in ms, and how many. Throws when one was no answer. */
  take(): { readonly p99Ms: number; readonly answers: number }
  stop(): Promise<void>
}

const EVERY_MS = 50
const QUERY = `query ($code: String!) { dossier(code: $code) {
  code status dueAt applicant { fullName } timeline { eventAt } documents { name } transfers { operation state attempts { outcome } }
  interlink { state since } } }`

export const startReader = (url: string, token: string, codes: readonly string[]): Reader => {
  let tookMs: number[] = []
  let failed: unknown
  let stopped = false
  const ask = async (code: string): Promise<void> => {
    const startedAt = performance.now()
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: QUERY, variables: { code } }),
    })
    const answer = (await response.json()) as { data?: { dossier: { code: string } | null }; errors?: unknown }
    tookMs.push(performance.now() - startedAt)
    if (answer.data?.dossier?.code !== code) failed ??= answer.errors ?? answer
  }
  const running = (async () => {
    const asked = new Set<Promise<void>>()
    for (let turn = 0; !stopped; turn += 1) {
      // By the clock, not one after the other: a slow answer does not keep the next reader from asking.
      const asking = ask(codes[(turn * 7_919) % codes.length] as string)
        .catch((error: unknown) => {
          failed ??= error
        })
        .finally(() => asked.delete(asking))
      asked.add(asking)
      await pause(EVERY_MS)
    }
    await Promise.all(asked)
  })()
  return {
    take: () => {
      if (failed !== undefined) throw new Error(`a read was not answered: ${JSON.stringify(failed)}`)
      const sorted = tookMs.sort((a, b) => a - b)
      tookMs = []
      return { p99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0, answers: sorted.length }
    },
    stop: async () => {
      stopped = true
      await running
    },
  }
}
