/** Of a transaction that took longer than it may: it was rolled back, nothing of it is stored. */
export class TransactionTooLong extends Error {
  readonly code = TOO_LONG
  constructor(limitMs: number) {
    super(`the transaction took longer than ${limitMs} ms and was rolled back`)
  }
}

export const TOO_LONG = 'TRANSACTION_TOO_LONG'

/** Gives `work` up after its time. From that moment on `assertOpen`, which each of its statements begins with, throws why. */
export const limitTime = async <Result>(limitMs: number, work: (assertOpen: () => void) => Promise<Result>): Promise<Result> => {
  let over: Error | undefined
  let timer: NodeJS.Timeout | undefined
  const assertOpen = (): void => {
    if (over) throw over
  }
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      over = new TransactionTooLong(limitMs)
      reject(over)
    }, limitMs)
  })
  try {
    return await Promise.race([work(assertOpen), expiry])
  } finally {
    clearTimeout(timer)
  }
}
