import { afterEach, expect, test } from '@jest/globals'
import { type Mailer, openMailer } from '../../src/platform/mail.js'
import { startMailServer, type TestMailServer } from '../support/mail-server.js'

/** Mail over a real SMTP server: nothing leaves in clear that is to be encrypted, and each fault has its sentence. */
let server: TestMailServer | undefined
let mailer: Mailer | undefined
afterEach(async () => {
  mailer?.close()
  await server?.stop()
})

const MAIL = {
  messageId: 'mot@vi-du.vn',
  threadId: 'chuoi@vi-du.vn',
  subject: 'Thử tiếng Việt: hồ sơ',
  text: 'Dòng một\nDòng hai: ă â đ ê ô ơ ư\n',
}
const send = async (changes: Partial<Parameters<typeof openMailer>[0]>) => {
  mailer = openMailer({
    host: '127.0.0.1',
    port: server?.port ?? 1,
    security: 'NONE',
    from: 'canh-bao@vi-du.vn',
    to: ['truc@vi-du.vn'],
    credentials: undefined,
    ...changes,
  })
  return mailer.send(MAIL)
}

test('Vietnamese arrives as it was written', async () => {
  server = await startMailServer()
  expect(await send({})).toEqual({ refused: 0 })
  expect(server.mails).toMatchObject([{ subject: MAIL.subject, headers: { 'message-id': '<mot@vi-du.vn>' } }])
  expect(server.mails[0]?.text.replaceAll('\r\n', '\n').trim()).toBe(MAIL.text.trim())
})

test('a server without STARTTLS gets no mail from who asks for it', async () => {
  server = await startMailServer()
  await expect(send({ security: 'STARTTLS' })).rejects.toThrow(/^Không mã hóa được kết nối với máy chủ thư \(ETLS/)
  expect(server.mails).toEqual([])
})

test('a server that is not there is told as that', async () => {
  await expect(send({ port: 1 })).rejects.toThrow(/^(Không|Máy|Mất).*máy chủ thư \(E[A-Z]+\)\.$/)
})

test('a password is used, and a wrong one is told of without it', async () => {
  server = await startMailServer({ password: 'mat-khau-dung' })
  expect(await send({ credentials: { username: 'thu', password: 'mat-khau-dung' } })).toEqual({ refused: 0 })
  mailer?.close()
  await expect(send({ credentials: { username: 'thu', password: 'mat-khau-sai' } })).rejects.toThrow(
    /^Máy chủ thư không nhận tài khoản \(EAUTH, SMTP 535\)\.$/,
  )
  expect(server.mails).toHaveLength(1)
})
