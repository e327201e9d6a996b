import type { FastifyError, FastifyInstance } from 'fastify'
import { describeSize } from '../model/describe-size.js'
import type { ApiDependencies } from './dependencies.js'
import { hearOut } from './hear-out.js'

const escapeXml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

const fault = (party: 'Client' | 'Server', sentence: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>` +
  `<faultcode>soap:${party}</faultcode><faultstring>${escapeXml(sentence)}</faultstring></soap:Fault></soap:Body></soap:Envelope>`

const XML = 'text/xml; charset=utf-8'

/**
 * The inbound SOAP services: bodies reach them as raw bytes, up to the byte limit and unparsed, whatever their content type says. What
 * is refused before a service sees it is still a SOAP fault.
 */
export const mountSoapServices = async (app: FastifyInstance, { endpoints, limits, logger }: ApiDependencies): Promise<void> => {
  await app.register(async (soap) => {
    soap.removeAllContentTypeParsers()
    soap.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: limits.maxSoapBytes }, (_request, body, done) => done(null, body))
    soap.setErrorHandler(async (error: FastifyError, request, reply) => {
      await hearOut(request.raw)
      if (error.statusCode === 413)
        return reply
          .code(413)
          .type(XML)
          .send(fault('Client', `Thông điệp lớn hơn mức cho phép (${describeSize(limits.maxSoapBytes)}).`))
      if (error.statusCode !== undefined && error.statusCode < 500)
        return reply.code(error.statusCode).type(XML).send(fault('Client', 'Không đọc được thông điệp.'))
      logger.error({ kind: error.name, code: error.code }, 'an inbound service failed')
      return reply.code(500).type(XML).send(fault('Server', 'Hệ thống tiếp nhận đang gặp lỗi, vui lòng gửi lại sau.'))
    })
    for (const endpoint of endpoints) {
      soap.post(endpoint.path, async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const answer = await endpoint.handle({ headers: request.headers, body })
        return reply.code(answer.status).headers(answer.headers).send(answer.body)
      })
      soap.get(endpoint.path, (request, reply) => {
        const asksForWsdl = Object.keys(request.query as object).some((name) => name.toLowerCase() === 'wsdl')
        if (!asksForWsdl)
          return reply.code(405).header('allow', 'POST').type(XML).send(fault('Client', 'Dịch vụ chỉ nhận POST; thêm ?wsdl để đọc mô tả.'))
        return reply.type(XML).send(endpoint.wsdl(`${request.protocol}://${request.host}${endpoint.path}`))
      })
    }
  })
}
