export interface Line {
  /** Without its end; of one that is too long its beginning. */
  readonly text: string
  /** Of the whole of it, with its end. */
  readonly bytes: number
  readonly isCut: boolean
}

const NEW_LINE = 0x0a

/** Dòng của một tệp UTF-8, as `\n` or `\r\n` ends them. Of a line of more than `longest` bytes no more than so many are held. */
export async function* readLines(chunks: AsyncIterable<Buffer>, longest: number): AsyncGenerator<Line> {
  let parts: Buffer[] = []
  let held = 0
  let bytes = 0
  const take = (part: Buffer): void => {
    bytes += part.length
    if (held < longest) parts.push(part.subarray(0, longest - held))
    held = Math.min(bytes, longest)
  }
  const lineOf = (end: number): Line => {
    const line = { text: Buffer.concat(parts).toString('utf8').replace(/\r$/, ''), bytes: bytes + end, isCut: bytes > longest }
    parts = []
    held = 0
    bytes = 0
    return line
  }
  for await (const chunk of chunks) {
    let begin = 0
    for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, begin)) {
      take(chunk.subarray(begin, end))
      yield lineOf(1)
      begin = end + 1
    }
    if (begin < chunk.length) take(chunk.subarray(begin))
  }
  if (bytes > 0) yield lineOf(0)
}
