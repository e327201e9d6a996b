import { base64Chars, inWords } from './without-contents.js'

/**
 * Bytes of files within a request. They take the place of a text in the value that is serialised, and stay out of the XML until the envelope is
 * written to the wire: nothing looks through megabytes of base64, and what is kept as evidence never has them.
 */
export interface BodyXml {
  /** XML of the body with a mark for each of `files`, in their order. */
  readonly marked: string
  readonly files: readonly Uint8Array[]
}

/** No value can hold it: XML carries no such character, and what has one is refused before (`request-body.ts`). */
export const FILE_MARK = '\u0001'

const split = ({ marked, files }: BodyXml): string[] => {
  const texts = marked.split(FILE_MARK)
  if (texts.length !== files.length + 1) throw new Error('a file has lost its place in the XML')
  return texts
}

const joined = ({ marked, files }: BodyXml, show: (file: Uint8Array) => string): string => {
  if (files.length === 0) return marked
  const [first, ...rest] = split({ marked, files }) as [string, ...string[]]
  return first + rest.map((text, index) => show(files[index] as Uint8Array) + text).join('')
}

const base64Of = (file: Uint8Array): string => Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('base64')

/** The XML as one text, for what needs it whole. */
export const wholeText = (body: BodyXml): string => joined(body, base64Of)

/** The XML as it is kept: a word in place of each file. */
export const shownText = (body: BodyXml): string => joined(body, (file) => inWords(base64Chars(file.byteLength)))

/** What goes to the wire, in UTF-8. */
export const wireBytes = (body: BodyXml): Buffer => {
  if (body.files.length === 0) return Buffer.from(body.marked, 'utf8')
  const texts = split(body)
  const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  const out = Buffer.allocUnsafe(body.files.reduce((sum, file) => sum + base64Chars(file.byteLength), size))
  let at = 0
  for (const [index, text] of texts.entries()) {
    at += out.write(text, at, 'utf8')
    const file = body.files[index]
    if (file) at += out.write(base64Of(file), at, 'latin1')
  }
  return out
}
