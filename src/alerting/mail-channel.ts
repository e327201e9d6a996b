import { type Mailer, MailRefusal } from '../platform/mail.js'
import type { NoticeChannel } from './send-notices.js'

/** Kênh thư điện tử: a plain text a notice. A repetition bears the same Message-ID; the mails of one alert refer to each other, so that a reader sees them as one thread. */
export const openMailChannel = (mailer: Mailer): NoticeChannel => ({
  name: 'mail',
  send: async ({ id, message }) => {
    try {
      const { refused } = await mailer.send({
        messageId: `${id}@${mailer.domain}`,
        threadId: `${message.alertId ?? id}@${mailer.domain}`,
        subject: `[Liên thông] ${message.title}`,
        text: `${message.text}\n\nThư tự động của cổng liên thông đất đai, xin không trả lời.\n`,
      })
      return refused === 0 ? { kind: 'SENT' } : { kind: 'SENT', remark: `Máy chủ thư từ chối ${refused} địa chỉ nhận.` }
    } catch (error) {
      if (error instanceof MailRefusal) return { kind: 'FAILED', why: error.message }
      throw error
    }
  },
  close: async () => mailer.close(),
})
