import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A real HTTP receiver on loopback: it keeps every request and answers as it is told, 204 by default. */
export interface WebhookReceiver {
  readonly url: string
  readonly requests: readonly ReceivedHook[]
  /** For the next requests, in their order; HANG: no answer at all. */
  answerNext(...answers: readonly HookAnswer[]): void
  stop(): Promise<void>
}

export type HookAnswer = { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | 'HANG'

export interface ReceivedHook {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export const startWebhookReceiver = async (): Promise<WebhookReceiver> => {
  const requests: ReceivedHook[] = []
  const answers: HookAnswer[] = []
  const server = createServer(async (request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers, body: await text(request) })
    const answer = answers.shift() ?? { status: 204 }
    if (answer === 'HANG') return
    response.writeHead(answer.status, answer.headers).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/nhan`,
    requests,
    answerNext: (...next) => void answers.push(...next),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
