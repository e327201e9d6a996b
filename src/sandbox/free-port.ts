import { createServer } from 'node:net'
import { errorCode, StartError } from '../platform/start-error.js'

/** The port when it can be listened on (0: any free one); else a StartError with one sentence, before anything has been started. */
export const freePort = (host: string, port: number, variable = 'PORT'): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => {
      const code = errorCode(error)
      if (code === 'EADDRINUSE')
        reject(
          new StartError(
            `Cổng ${port} đang có chương trình khác dùng: hãy dừng nó hoặc đặt ${variable} khác.`,
            `Port ${port} is used by another program: stop that one or set another ${variable}.`,
          ),
        )
      else if (code === 'EACCES')
        reject(
          new StartError(
            `Không được phép mở cổng ${port}: hãy đặt ${variable} từ 1024 trở lên.`,
            `Port ${port} may not be opened: set ${variable} to 1024 or above.`,
          ),
        )
      else
        reject(new StartError(`Không mở được cổng ${port} tại ${host} (${code}).`, `Port ${port} at ${host} cannot be opened (${code}).`))
    })
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port))
    })
  })
