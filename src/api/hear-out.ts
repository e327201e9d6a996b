import type { IncomingMessage } from 'node:http'

/** Far more than anybody sends in good faith; who goes on beyond it is cut off. */
const MOST_BYTES = 256 * 1024 * 1024
/** Who announces a body and sends none waits for our word. */
const SILENT_MS = 2_000

/**
 * Nghe hết rồi mới từ chối: reads what is still being sent and throws it away. A refusal is answered only then: whoever is answered, and hung up on, while he sends often sees no refusal
 * but a broken connection, and sends the same once more.
 */
export const hearOut = (request: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    if (request.complete || request.destroyed) return resolve()
    let heard = 0
    const hear = (piece: Buffer): void => {
      timer.refresh()
      heard += piece.length
      if (heard > MOST_BYTES) end()
    }
    const end = (): void => {
      clearTimeout(timer)
      request.off('data', hear).off('end', end).off('close', end)
      resolve()
    }
    const timer = setTimeout(end, SILENT_MS)
    request.on('data', hear).once('end', end).once('close', end)
  })
