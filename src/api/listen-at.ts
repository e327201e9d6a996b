import type { FastifyInstance } from 'fastify'
import { errorCode, StartError } from '../platform/start-error.js'

interface Place {
  readonly host: string
  readonly port: number
  /** By which the port is chosen. */
  readonly variable: string
}

const FAULTS: Record<string, (place: Place) => [vietnamese: string, english: string]> = {
  EADDRINUSE: ({ host, port, variable }) => [
    `Cổng ${port} trên ${host} đang được dùng: hãy dừng chương trình kia hoặc chọn cổng khác bằng ${variable}.`,
    `Port ${port} at ${host} is in use: stop the other program or choose another one by ${variable}.`,
  ],
  EACCES: ({ host, port, variable }) => [
    `Không được phép mở cổng ${port} trên ${host}: hãy chọn cổng từ 1024 trở lên bằng ${variable}.`,
    `Port ${port} at ${host} may not be opened: choose one of 1024 or above by ${variable}.`,
  ],
  EADDRNOTAVAIL: ({ host }) => [
    `Máy này không có địa chỉ ${host}: hãy kiểm tra HOST.`,
    `This machine does not have the address ${host}: look at HOST.`,
  ],
  ENOTFOUND: ({ host }) => [`Không tìm thấy địa chỉ ${host}: hãy kiểm tra HOST.`, `The address ${host} is not found: look at HOST.`],
}

/** Its address. Throws a StartError with one sentence when nobody can be served there. */
export const listenAt = async (app: FastifyInstance, place: Place): Promise<string> => {
  try {
    return await app.listen({ host: place.host, port: place.port })
  } catch (error) {
    const sentence = FAULTS[errorCode(error) ?? '']
    throw sentence ? new StartError(...sentence(place)) : error
  }
}
