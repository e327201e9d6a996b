/**
 * Jest's Node environment, which also fails a test file that leaves a server listening, a socket or a child process open
 * after its own `afterAll` blocks have run: such a leak keeps a program from ending and a database from being dropped.
 *
 * The globals are those of one realm for all files of a worker, since shared-modules-runtime.cjs evaluates the product's
 * modules once. After each file the environment variables are what they were, and what jest keeps in the globals is gone.
 */
import vm from 'node:vm'
import { TestEnvironment } from 'jest-environment-node'

/** Pipes are not watched: a test worker opens its own standard streams when it first writes, and a child's pipes go with the child. */
const watched = ['TCPServerWrap', 'TCPSocketWrap', 'ProcessWrap', 'UDPWrap']
/** Sockets that were just closed need some turns of the event loop before they are gone, and a busy machine has few of them. Shorter than the idle times after which clients and pools let go of what was left open (4 s and more). */
const patienceMs = 3_500
const lookAgainAfterMs = 10
/** Under which jest keeps one file's tests, handlers and settings. */
const keptByJest = [
  'JEST_STATE_SYMBOL',
  'EVENT_HANDLERS',
  'TEST_TIMEOUT_SYMBOL',
  'RETRY_TIMES',
  'RETRY_IMMEDIATELY',
  'WAIT_BEFORE_RETRY',
  'LOG_ERRORS_BEFORE_RETRY',
]

/** @type {TestEnvironment | undefined} */
let realm

/**
 * Jest makes its realm so that it sees every property that is set on the global object, to take them away after the file. For that each mention of a global (`Object`, `Map`,
 * `undefined`) in all that is tested asks a proxy: a third of the processor time of our tests. This realm lives as long as its worker, and its global object is an ordinary one.
 */
function openRealm(config, context) {
  const { createContext } = vm
  vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY)
  try {
    return new TestEnvironment(config, context)
  } finally {
    vm.createContext = createContext
  }
}

function countHandles() {
  const counts = new Map()
  for (const kind of process.getActiveResourcesInfo()) {
    if (watched.includes(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}

export default class LeakCheckingEnvironment {
  constructor(config, context) {
    realm ??= openRealm(config, context)
    this.realm = realm
    this.global = realm.global
    this.moduleMocker = realm.moduleMocker
    this.fakeTimers = realm.fakeTimers
    this.fakeTimersModern = realm.fakeTimersModern
    this.exit = this.global.process.exit
  }

  getVmContext() {
    return this.realm.getVmContext()
  }

  exportConditions() {
    return this.realm.exportConditions()
  }

  async setup() {
    this.variables = { ...this.global.process.env }
    this.before = countHandles()
    this.handlesBefore = new Set(process._getActiveHandles())
  }

  findLeaks() {
    return [...countHandles()].filter(([kind, count]) => count > (this.before.get(kind) ?? 0)).map(([kind, count]) => `${kind} × ${count}`)
  }

  /** What the file after this one must not find. */
  cleanRealm() {
    const { env } = this.global.process
    for (const name of Object.keys(env)) if (!(name in this.variables)) delete env[name]
    Object.assign(env, this.variables)
    this.global.process.exit = this.exit
    this.fakeTimers.dispose()
    this.fakeTimersModern.dispose()
    for (const key of Object.getOwnPropertySymbols(this.global)) {
      if (keptByJest.includes(key.description)) delete this.global[key]
    }
  }

  async teardown() {
    const deadline = Date.now() + patienceMs
    while (this.findLeaks().length > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, lookAgainAfterMs))
    }
    const leaks = this.findLeaks()
    this.cleanRealm()
    // What leaked shall fail this file and not hang the run after it.
    for (const handle of process._getActiveHandles()) if (!this.handlesBefore.has(handle)) handle.unref?.()
    if (leaks.length > 0) throw new Error(`left open by this test file: ${leaks.join(', ')}`)
  }
}
