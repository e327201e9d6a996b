import { type DossierStatus, describeStatus } from './dossier-status.js'
import type { SentTransfer } from './interlink-wait.js'
import type { LedgerEvent, LedgerFacts } from './ledger-facts.js'
import type { WaitingParty } from './waiting-party.js'

/** Các bước của hồ sơ without its waits on the interlink: rules 2 to 5 of the precedence that `time-ledger.ts` declares. */
export interface BaseStep {
  readonly party: WaitingParty
  readonly name: string
  readonly officer: string | null
  readonly from: Date
}

/** What the walk through a dossier's life knows at a moment. */
interface Walk {
  status: DossierStatus
  atRegistry: boolean
  noticed: boolean
  /** Of the supplement that is awaited. */
  supplied: 'NO' | 'AT_DESK' | 'AT_REGISTRY'
  step: string | null
  officer: string | null
}

const partyOf = (walk: Walk): WaitingParty => {
  const worker = walk.atRegistry ? 'REGISTRY' : 'DESK'
  switch (walk.status) {
    case 'SUPPLEMENT_REQUIRED':
      return walk.supplied === 'NO' ? 'APPLICANT' : walk.supplied === 'AT_DESK' ? 'DESK' : worker
    case 'FINANCIAL_OBLIGATION_REQUIRED':
      return walk.noticed ? 'APPLICANT' : 'TAX'
    case 'SUBMITTED':
      return 'DESK'
    default:
      return describeStatus(walk.status).clock === 'ENDED' ? 'DESK' : worker
  }
}

const nameOf = (walk: Walk, party: WaitingParty): string => {
  if (describeStatus(walk.status).clock === 'ENDED') return 'Chuyển kết quả về bộ phận một cửa'
  if (party === 'APPLICANT') return walk.status === 'SUPPLEMENT_REQUIRED' ? 'Bổ sung giấy tờ' : 'Thực hiện nghĩa vụ tài chính'
  if (party === 'TAX') return 'Xác định nghĩa vụ tài chính'
  if (party === 'REGISTRY') return walk.step ?? 'Thẩm định, giải quyết hồ sơ'
  return walk.supplied === 'AT_DESK'
    ? 'Chuyển giấy tờ bổ sung'
    : walk.status === 'SUBMITTED'
      ? 'Xem xét tiếp nhận'
      : 'Tiếp nhận, chuyển hồ sơ'
}

interface Mark {
  readonly at: Date
  readonly change: (walk: Walk) => void
}

const ofEvent = ({ at, kind, origin, statusTo, officer, note }: LedgerEvent): Mark => ({
  at,
  change: (walk) => {
    if (origin === 'VILIS') walk.atRegistry = true
    if (kind === 'TAX_NOTICES_ISSUED') walk.noticed = true
    if (kind === 'SUPPLEMENT_HANDED_IN') walk.supplied = walk.atRegistry ? 'AT_REGISTRY' : 'AT_DESK'
    if (statusTo !== null && statusTo !== walk.status) {
      if (statusTo === 'SUPPLEMENT_REQUIRED') walk.supplied = 'NO'
      if (walk.status === 'SUPPLEMENT_REQUIRED') walk.supplied = 'NO'
      if (statusTo === 'FINANCIAL_OBLIGATION_REQUIRED') walk.noticed = kind === 'TAX_NOTICES_ISSUED'
      walk.status = statusTo
      walk.step = null
    }
    if (kind === 'STEP_REPORTED' && origin === 'VILIS') walk.step = note.trim() || null
    if (origin === 'VILIS') walk.officer = officer
  },
})

const atRegistry: Mark['change'] = (walk) => {
  walk.atRegistry = true
}

/** Where a supplement that was handed in is by now. */
const supplementIs =
  (place: Walk['supplied']): Mark['change'] =>
  (walk) => {
    if (walk.supplied !== 'NO') walk.supplied = place
  }

const ofTransfer = (transfer: SentTransfer): Mark[] => {
  const { operation, state, settledAt, createdAt, mode } = transfer
  if (mode === 'ADOPT') return []
  const arrived = state === 'DELIVERED' ? settledAt : null
  if (operation === 'RECEIVE' && arrived) return [{ at: arrived, change: atRegistry }]
  if (operation !== 'SUPPLEMENT') return []
  return [{ at: createdAt, change: supplementIs('AT_DESK') }, ...(arrived ? [{ at: arrived, change: supplementIs('AT_REGISTRY') }] : [])]
}

/** Who would have been waited for, had the systems told each other everything at once. */
export const baseSteps = (facts: LedgerFacts): BaseStep[] => {
  const { origin, receivedAt, transfers, events } = facts
  const applied = events.filter((event) => event.applied).sort((a, b) => +a.at - +b.at)
  const first = applied.find(({ statusTo }) => statusTo !== null)
  const walk: Walk = {
    status: first && first.kind === 'SUBMITTED' ? 'SUBMITTED' : 'ACCEPTED',
    atRegistry: origin === 'VILIS',
    noticed: false,
    supplied: 'NO',
    step: null,
    officer: null,
  }
  const marks = [...applied.map(ofEvent), ...transfers.flatMap(ofTransfer)].sort((a, b) => +a.at - +b.at)
  const steps: BaseStep[] = []
  const note = (from: Date): void => {
    const party = partyOf(walk)
    const step = { party, name: nameOf(walk, party), officer: party === 'REGISTRY' ? walk.officer : null, from }
    const last = steps.at(-1)
    if (last && last.party === step.party && last.name === step.name && last.officer === step.officer) return
    if (last && +last.from === +from) steps.pop()
    steps.push(step)
  }
  note(receivedAt)
  for (const { at, change } of marks) {
    change(walk)
    note(at < receivedAt ? receivedAt : at)
  }
  return steps
}
