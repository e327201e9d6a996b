import type { Socket } from 'node:net'
import { buildConnector } from 'undici'

/**
 * Cắt hẳn kết nối: when a call is broken off, what has not left yet never leaves. Closed in the ordinary way, the operating system goes on sending what it was
 * given, for minutes, to a peer that reads slowly or cannot be reached just now: it would get a whole request, and process it, long after the lease has
 * run out and "not there" was believed. A connection that is reset takes it back. What has arrived over there by then, they have had since then.
 *
 * Over TLS the connection below is made first, for only that one can be reset.
 */
export const resettingConnector = (options: buildConnector.BuildOptions): buildConnector.connector => {
  const connect = buildConnector(options)
  return (to, callback) => {
    if (to.protocol !== 'https:') return connect(to, resetting(undefined, callback))
    return connect({ ...to, protocol: 'http:', port: to.port || '443' }, (...[error, tcp]) => {
      if (error) callback(error, null)
      else connect({ ...to, httpSocket: tcp }, resetting(tcp, callback))
    })
  }
}

const resetting =
  (below: Socket | undefined, callback: buildConnector.Callback): buildConnector.Callback =>
  (...connected) => {
    const [, socket] = connected
    if (socket) resetWhenBrokenOff(socket, below ?? socket)
    callback(...connected)
  }

const resetWhenBrokenOff = (socket: Socket, tcp: Socket): void => {
  const destroy = socket.destroy.bind(socket)
  socket.destroy = (error?: Error) => {
    if (!error || !isBrokenOff(error) || tcp.destroyed) return destroy(error)
    if (socket !== tcp) {
      tcp.resetAndDestroy()
      return destroy(error)
    }
    socket.destroy = destroy
    // A reset tells nobody why; whoever waits for an answer here is told before the connection is seen to be closed.
    process.nextTick(() => socket.emit('error', error))
    return socket.resetAndDestroy()
  }
}

/** By us, or because no answer has begun in time. An idle connection, and one that the other side has closed, end in the ordinary way. */
const isBrokenOff = (error: Error): boolean => error.message === 'aborted' || ('code' in error && error.code === 'UND_ERR_HEADERS_TIMEOUT')
