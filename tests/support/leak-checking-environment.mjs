/**
 * Jest's Node environment, which also fails a test file that leaves a server listening, a socket or a child process open
 * after its own `afterAll` blocks have run: such a leak keeps a program from ending and a database from being dropped.
 */
import { TestEnvironment } from 'jest-environment-node'

/** Pipes are not watched: a test worker opens its own standard streams when it first writes, and a child's pipes go with the child. */
const watched = ['TCPServerWrap', 'TCPSocketWrap', 'ProcessWrap', 'UDPWrap']
/** Sockets that were just closed need some turns of the event loop before they are gone. */
const patienceMs = 2_000
const lookAgainAfterMs = 10

function countHandles() {
  const counts = new Map()
  for (const kind of process.getActiveResourcesInfo()) {
    if (watched.includes(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}

export default class LeakCheckingEnvironment extends TestEnvironment {
  async setup() {
    await super.setup()
    this.before = countHandles()
    this.handlesBefore = new Set(process._getActiveHandles())
  }

  findLeaks() {
    return [...countHandles()].filter(([kind, count]) => count > (this.before.get(kind) ?? 0)).map(([kind, count]) => `${kind} × ${count}`)
  }

  async teardown() {
    const deadline = Date.now() + patienceMs
    while (this.findLeaks().length > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, lookAgainAfterMs))
    }
    const leaks = this.findLeaks()
    await super.teardown()
    // What leaked shall fail this file and not hang the run after it.
    for (const handle of process._getActiveHandles()) if (!this.handlesBefore.has(handle)) handle.unref?.()
    if (leaks.length > 0) throw new Error(`left open by this test file: ${leaks.join(', ')}`)
  }
}
