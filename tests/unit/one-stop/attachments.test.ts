import { expect, test } from '@jest/globals'
import { documentsToWire } from '../../../adapters/one-stop/attachments.js'
import type { DocumentContent } from '../../../src/model/dossier-content.js'

const BYTES = Buffer.from('Giấy chứng nhận')
const document: DocumentContent = {
  name: 'Giấy chứng nhận',
  fileName: 'gcn.pdf',
  mediaType: 'application/pdf',
  sha256: 'a0'.repeat(32),
  sizeBytes: BYTES.length,
  originals: 1,
  copies: 0,
}

test('files that fit, in an envelope that does not, are not sent', async () => {
  const encoded = BYTES.toString('base64').length
  const toWire = (maxRequestBytes: number) => documentsToWire([document], async () => BYTES, { maxAttachmentBytes: 1000, maxRequestBytes })
  expect(await toWire(encoded)).toMatchObject({ kind: 'NOT_SENT', code: 'ATTACHMENT_TOO_LARGE', field: 'documents' })
  expect(await toWire(encoded + 64 * 1024)).toMatchObject({ SoLuong: 1 })
})
