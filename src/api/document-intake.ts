import { createHash } from 'node:crypto'
import { describeSize } from '../model/describe-size.js'
import type { DocumentContent } from '../model/dossier-content.js'
import type { DocumentInput } from './dossier-change.input.js'
import { InputRefused } from './mutation-result.type.js'

/** One attachment that was decoded and checked against what its sender says of it. */
export interface CheckedDocument {
  readonly content: DocumentContent
  readonly bytes: Buffer
}

const refused = (index: number, part: string, reason: string, message: string): InputRefused =>
  new InputRefused({ reason, field: `documents.${index}.${part}`, message })

const check = (input: DocumentInput, index: number, maxBytes: number): CheckedDocument | InputRefused => {
  const named = `Tập tin "${input.fileName}"`
  const bytes = Buffer.from(input.contentBase64, 'base64')
  if (bytes.toString('base64') !== input.contentBase64)
    return refused(index, 'contentBase64', 'DOCUMENT_NOT_BASE64', `${named} không phải là base64 hợp lệ.`)
  if (bytes.length === 0) return refused(index, 'contentBase64', 'DOCUMENT_EMPTY', `${named} không có nội dung.`)
  if (bytes.length > maxBytes)
    return refused(index, 'contentBase64', 'DOCUMENT_TOO_LARGE', `${named} lớn hơn mức cho phép (${describeSize(maxBytes)}).`)
  if (input.sizeBytes != null && input.sizeBytes !== bytes.length)
    return refused(index, 'sizeBytes', 'DOCUMENT_SIZE_MISMATCH', `${named} nhận được không đủ so với kích thước đã nêu.`)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (input.sha256 != null && input.sha256.toLowerCase() !== sha256)
    return refused(index, 'sha256', 'DOCUMENT_HASH_MISMATCH', `${named} không khớp mã băm đã nêu.`)
  const { name, fileName, mediaType, originals, copies } = input
  return { bytes, content: { name, fileName, mediaType, originals, copies, sha256, sizeBytes: bytes.length } }
}

/** All attachments, or the first refusal. Nothing is kept here. */
export const checkDocuments = (inputs: readonly DocumentInput[], maxBytes: number): CheckedDocument[] | InputRefused => {
  const checked: CheckedDocument[] = []
  for (const [index, input] of inputs.entries()) {
    const document = check(input, index, maxBytes)
    if (document instanceof InputRefused) return document
    checked.push(document)
  }
  return checked
}
