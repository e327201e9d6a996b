import { expect, test } from '@jest/globals'
import { SentReplies } from '../../../adapters/soap/twin/sent-replies.js'

const reply = (body: string) => ({ httpStatus: 200, contentType: 'text/xml', body, isFault: false })

test('a page of files is not kept to be sent again, what is short is', () => {
  const sent = new SentReplies()
  const asking = { operation: 'LayThayDoi', sha256: 'other' }
  sent.keep({ operation: 'LayThayDoi', sha256: 'a' }, reply('short'))
  sent.keep({ operation: 'LayThayDoi', sha256: 'b' }, reply('x'.repeat(1024 * 1024)))
  expect(sent.foreignTo(asking, 'DOSSIER')?.body).toBe('short')
})
