import { fileURLToPath } from 'node:url'
import { CallsOut } from '../../soap/twin/calls-out.js'
import type { Twin } from '../../soap/twin/twin.js'
import { createTwin } from '../../soap/twin/twin-server.js'
import { runAutomaticDesk } from './automatic-desk.js'
import { COMPARISONS } from './compare.js'
import { CONTROLS } from './controls.js'
import { createDesk, type DeskState, restore } from './desk.js'
import { READ_HANDLERS } from './reads.js'
import { rowToPush } from './to-wire.js'
import { WRITE_HANDLERS } from './writes.js'

/**
 * Hệ thống một cửa, as a sandbox: one desk for a district's communes. Everything that happens there (a dossier taken, amended, withdrawn,
 * a supplement handed in, a result handed out, an accepted write of the gateway) is one deed in the ledger and one row in the change
 * feed; the state is made of those deeds alone, so a restarted desk has its dossiers and positions. An accepted write of the gateway
 * shows the dossier again (a supplement: shows as such) with `MaGiaoDichGoc`, the gateway's own key, and its old PhienBan.
 *
 * Settings, all also set by control actions of the same names: `deduplicate` (default off: a repeated write is done again), with
 * `tellDigest`; `inquiryStrength`; `suspended` (TAM_NGUNG to every write); `push` with `pushUrl`, `pushUsername`, `pushPassword` (rows are
 * pushed as well; the feed shows them still); `auto` with `autoEveryMs`; `realEventTimes` (event times follow the real clock while
 * the twin's runs ahead); `tellCause` (false: the feed does not show `MaGiaoDichGoc`); `slowAbove` (a page of more rows never comes).
 */
export function createOneStopTwin(): Twin<DeskState> {
  const pushes = new PushLine()
  const watched = <Args extends unknown[], Result>(act: (...args: Args) => Result) =>
    ((...args: Args): Result => {
      const result = act(...args)
      pushes.sendNew(twin)
      return result
    }) as (...args: Args) => Result
  const allOf = <Args extends unknown[], Result>(acts: Readonly<Record<string, (...args: Args) => Result>>) =>
    Object.fromEntries(Object.entries(acts).map(([name, act]) => [name, watched(act)]))
  const twin: Twin<DeskState> = createTwin<DeskState>({
    name: 'one-stop',
    path: '/mot-cua',
    wsdlPath: fileURLToPath(new URL('../wsdl/mot-cua.wsdl', import.meta.url)),
    createState: createDesk,
    restore: (state, deeds) => {
      restore(state, deeds)
      pushes.startAfter(state.rows.length)
    },
    describe: describeDesk,
    operations: allOf({ ...READ_HANDLERS, ...WRITE_HANDLERS, ...COMPARISONS }),
    controls: allOf(CONTROLS),
    dueWork: watched(runAutomaticDesk),
  })
  return twin
}

/** Rows that wait to be pushed. What a stopped desk had not pushed yet is not pushed later: the feed has it. */
class PushLine {
  private next = 0
  private state: DeskState | undefined
  private line: CallsOut | undefined

  startAfter(position: number): void {
    this.next = position
  }

  sendNew(twin: Twin<DeskState>): void {
    // A desk that was reset counts from the start again.
    if (this.state !== undefined && this.state !== twin.state) this.next = 0
    this.state = twin.state
    const { rows } = twin.state
    const fresh = rows.slice(this.next)
    this.next = rows.length
    if (twin.settings.push !== true) return
    this.line ??= this.open(twin)
    for (const row of fresh) this.line.send({ ...rowToPush(row), key: row.code })
  }

  private open(twin: Twin<DeskState>): CallsOut {
    const text = (name: string): string | undefined =>
      typeof twin.settings[name] === 'string' ? (twin.settings[name] as string) : undefined
    const username = text('pushUsername')
    const line = new CallsOut({
      wsdlPath: fileURLToPath(new URL('../wsdl/lien-thong-push.wsdl', import.meta.url)),
      endpoint: () => text('pushUrl'),
      ledger: twin.ledger,
      ...(username === undefined ? {} : { credentials: { username, password: text('pushPassword') ?? '' } }),
    })
    twin.attach(line)
    return line
  }
}

function describeDesk(state: DeskState): Record<string, unknown> {
  const byStatus: Record<string, number> = {}
  let writes = 0
  for (const { dossier, writes: accepted } of state.records.values()) {
    byStatus[dossier.status] = (byStatus[dossier.status] ?? 0) + 1
    writes += accepted.length
  }
  return { dossiers: state.records.size, byStatus, lastPosition: state.rows.length, acceptedWrites: writes }
}
