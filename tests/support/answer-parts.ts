/** An answer that comes in parts (multipart/mixed), read one by one as they come over the wire. */
export interface AnswerPart {
  // biome-ignore lint/suspicious/noExplicitAny: answers have the shape of each test's own query
  readonly data?: any
  readonly errors?: readonly { readonly message: string; readonly path?: unknown[]; readonly extensions: Record<string, unknown> }[]
  readonly incremental?: readonly AnswerPart[]
  readonly path?: readonly unknown[]
  readonly label?: string
  readonly hasNext?: boolean
  readonly extensions?: Record<string, unknown>
}

export const ACCEPTS_PARTS = 'multipart/mixed; deferSpec=20220824, application/json'

const BOUNDARY = '\r\n---'

/** Ends with the stream; a part is given as soon as the boundary behind it has come. */
export async function* partsOf(response: Response): AsyncGenerator<AnswerPart> {
  if (!response.headers.get('content-type')?.startsWith('multipart/mixed')) throw new Error('the answer is not in parts')
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf(BOUNDARY); end >= 0; end = text.indexOf(BOUNDARY)) {
      const [, body] = text.slice(0, end).split('\r\n\r\n')
      text = text.slice(end + BOUNDARY.length)
      if (body !== undefined) yield JSON.parse(body) as AnswerPart
    }
  }
}
