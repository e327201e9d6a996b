import { setTimeout as pause } from 'node:timers/promises'
import { canaryPerson } from './canaries.js'
import { type Client, NoAnswer, openClient } from './client.js'
import type { DrillSystem } from './drill-system.js'
import type { SeededRandom } from './seeded-random.js'

/**
 * How dossiers come in: by GraphQL, by the desk's push, and by the poll of the desk. A client of GraphQL that hears nothing, or 503,
 * asks again under the same key, as a careful client does.
 */
export type Way = 'GRAPHQL' | 'PUSH' | 'POLL'

export interface Answered {
  readonly kind: 'ACCEPTED' | 'REFUSED' | 'KEY_REUSED'
  readonly repeated: boolean
  readonly messageId?: string
}

export interface Intake extends Client {
  /** Every dossier that was taken: answered by GraphQL, or handed in at the desk. None of these may be lost. */
  readonly accepted: ReadonlyMap<string, Way>
  /** Dossiers whose withdrawal was taken, as they were. */
  readonly withdrawn: ReadonlySet<string>
  /** Dossiers whose supplement, or whose hand-over of the result, GraphQL has taken. */
  readonly supplemented: ReadonlySet<string>
  readonly returned: ReadonlySet<string>
  /** Submits to GraphQL whose client waits for an answer. */
  readonly underWay: ReadonlySet<string>
  /** The message that the answer to a submit has named, by dossier. */
  readonly messages: ReadonlyMap<string, string>
  /** Whose submit got no answer and was asked again: a code for each time, in order. */
  readonly unanswered: readonly string[]
  nextCode(): string
  /** So many dossiers, by all three ways or by these alone; some are withdrawn at once, so that there is an order to keep. */
  fill(count: number, ways?: readonly Way[]): Promise<void>
  submit(code: string, changes?: Readonly<Record<string, unknown>>): Promise<Answered>
  takeAtDesk(code: string, way: 'PUSH' | 'POLL'): Promise<void>
  withdraw(code: string): Promise<void>
  withdrawAtDesk(code: string): Promise<void>
  /** Giấy tờ bổ sung, the first ones. */
  handIn(code: string): Promise<void>
  handInAtDesk(code: string): Promise<void>
  /** Trả kết quả. */
  confirmReturn(code: string): Promise<void>
  returnAtDesk(code: string): Promise<void>
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Several requests that are each answered as late as a client waits. */
const PATIENCE_MS = 120_000
const ASK_AGAIN_MS = 150
const TOGETHER = 6
const WITHDRAWN_OF = 7
/** In the smallest batch too: the desk is told of these alone. */
const SURELY_BY_GRAPHQL = 2

const RESULT =
  '__typename ... on DossierAccepted { messageId repeated } ... on InputRefused { reason message } ... on ClientKeyReused { message }'
const WITHDRAW = `mutation ($input: WithdrawDossierInput!) { withdrawDossier(input: $input) { ${RESULT} } }`
const SUPPLEMENT = `mutation ($input: SupplementDossierInput!) { supplementDossier(input: $input) { ${RESULT} } }`
const RETURN = `mutation ($input: ConfirmResultReturnedInput!) { confirmResultReturned(input: $input) { ${RESULT} } }`
const SUBMIT = `mutation ($input: SubmitDossierInput!) { submitDossier(input: $input) { ${RESULT} } }`

interface Result {
  readonly __typename: 'DossierAccepted' | 'InputRefused' | 'ClientKeyReused'
  readonly repeated?: boolean
  readonly messageId?: string
  readonly reason?: string
}
const KINDS = { DossierAccepted: 'ACCEPTED', InputRefused: 'REFUSED', ClientKeyReused: 'KEY_REUSED' } as const

/** Told apart by the last six digits: three of the fault's place, which make the codes of one fault different from all others, three of the dossier. */
export const codeOf = (place: number, number: number): string => {
  const day = new Date().toISOString().slice(2, 10).replaceAll('-', '')
  return `H58.22-${day}-${String(place).padStart(3, '0')}${String(number).padStart(3, '0')}`
}

/** `place` is the number of the fault. `onFirst`: when the first dossier is handed in. */
export const openIntake = (system: DrillSystem, random: SeededRandom, place: number, onFirst?: () => void): Intake => {
  const accepted = new Map<string, Way>()
  const withdrawn = new Set<string>()
  const supplemented = new Set<string>()
  const returned = new Set<string>()
  const underWay = new Set<string>()
  const messages = new Map<string, string>()
  const unanswered: string[] = []
  let codes = 0
  const { ask, misanswers, silences } = openClient(system)
  const personOf = (code: string) => canaryPerson(Number(code.slice(-6)))

  const paperOf = (paper: string, code: string): Record<string, unknown> => ({
    name: paper,
    fileName: `${paper}.pdf`,
    mediaType: 'application/pdf',
    originals: 1,
    contentBase64: Buffer.from(`%PDF-1.4 ${paper} ${code}`).toString('base64'),
  })

  const inputOf = (code: string): Record<string, unknown> => {
    const { name, idNumber, phone, email, address } = personOf(code)
    return {
      clientKey: `dien-tap-${code}`,
      code,
      procedureCode: '1.012783',
      receivingUnit: { code: '28594' },
      channel: 'ONLINE',
      applicant: { kind: 'CITIZEN', fullName: name, idNumber, phone, email, address },
      summary: 'Cấp đổi giấy chứng nhận',
      receivedAt: new Date(Date.now() - HOUR_MS).toISOString(),
      dueAt: new Date(Date.now() + random.between(2, 12) * DAY_MS).toISOString(),
      receivedBy: 'mc.28594.1',
      parcels: [{ mapSheetNumber: '3', parcelNumber: '44', unit: { code: '28594' }, areaM2: '100.50', address }],
      certificates: [],
      documents: ['don', 'so-do'].map((paper) => paperOf(paper, code)),
    }
  }

  const insist = async <Data>(code: string, query: string, input: Readonly<Record<string, unknown>>): Promise<Data> => {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      try {
        return await ask<Data>(query, { input })
      } catch (error) {
        if (!(error instanceof NoAnswer) || Date.now() > deadline) throw error
        unanswered.push(code)
        await pause(ASK_AGAIN_MS)
      }
    }
  }

  const submit: Intake['submit'] = async (code, changes = {}) => {
    onFirst?.()
    underWay.add(code)
    const { submitDossier: result } = await insist<{ submitDossier: Result }>(code, SUBMIT, { ...inputOf(code), ...changes })
    underWay.delete(code)
    const kind = KINDS[result.__typename]
    if (kind === 'ACCEPTED') accepted.set(code, 'GRAPHQL')
    if (result.messageId !== undefined) messages.set(code, result.messageId)
    return { kind, repeated: result.repeated ?? false, ...(result.messageId !== undefined && { messageId: result.messageId }) }
  }

  const takeAtDesk: Intake['takeAtDesk'] = async (code, way) => {
    onFirst?.()
    const { name, idNumber, phone, email, address } = personOf(code)
    const desk = system.twins.ONE_STOP
    await desk.set({ push: way === 'PUSH' })
    await desk.act('takeDossier', { overrides: { code, applicant: { kind: 1, name, idNumber, phone, email, address } } })
    accepted.set(code, way)
  }
  const insistOnAct = async (code: string, query: string, input: Readonly<Record<string, unknown>>): Promise<void> => {
    const [result] = Object.values(await insist<Record<string, Result>>(code, query, { ...input, dossierCode: code }))
    const kind = result && KINDS[result.__typename]
    if (kind !== 'ACCEPTED') throw new Error(`a good request about ${code} was not accepted: ${kind} ${result?.reason ?? ''}`)
  }
  const withdraw = async (code: string): Promise<void> => {
    await insistOnAct(code, WITHDRAW, { clientKey: `rut-${code}`, reason: 'Diễn tập: rút ngay' })
    withdrawn.add(code)
  }
  const withdrawAtDesk = async (code: string): Promise<void> => {
    await system.twins.ONE_STOP.act('withdraw', { code })
    withdrawn.add(code)
  }
  const handIn = async (code: string): Promise<void> => {
    await insistOnAct(code, SUPPLEMENT, {
      clientKey: `bo-sung-${code}`,
      supplementNo: 1,
      note: 'Diễn tập: bổ sung',
      documents: ['trich-luc', 'to-khai'].map((paper) => paperOf(paper, code)),
    })
    supplemented.add(code)
  }
  const handInAtDesk = async (code: string): Promise<void> => {
    const documents = ['Trích lục', 'Tờ khai'].map((name) => ({ name, text: `${name} ${code}` }))
    await system.twins.ONE_STOP.act('handInSupplement', { code, documents })
  }
  const confirmReturn = async (code: string): Promise<void> => {
    await insistOnAct(code, RETURN, { clientKey: `tra-${code}`, method: 'DESK', note: 'Diễn tập: đã trả' })
    returned.add(code)
  }
  const returnAtDesk = async (code: string): Promise<void> => {
    await system.twins.ONE_STOP.act('returnResult', { code })
  }
  const nextCode = (): string => {
    codes += 1
    return codeOf(place, codes)
  }
  return {
    accepted,
    withdrawn,
    supplemented,
    returned,
    underWay,
    messages,
    unanswered,
    misanswers,
    silences,
    nextCode,
    ask,
    submit,
    takeAtDesk,
    withdraw,
    withdrawAtDesk,
    handIn,
    handInAtDesk,
    confirmReturn,
    returnAtDesk,
    fill: (count, ways = ['GRAPHQL', 'GRAPHQL', 'PUSH', 'POLL']) => {
      const plan = Array.from({ length: count }, (_, index) => ({
        code: nextCode(),
        way: index < SURELY_BY_GRAPHQL && ways.includes('GRAPHQL') ? ('GRAPHQL' as const) : random.one(ways),
        withdrawn: index % WITHDRAWN_OF === 3,
      }))
      const byGraphql = plan.filter(({ way }) => way === 'GRAPHQL')
      const atDesk = plan.filter(({ way }) => way !== 'GRAPHQL')
      const next = async (): Promise<void> => {
        for (let item = byGraphql.shift(); item !== undefined; item = byGraphql.shift()) {
          const answer = await submit(item.code)
          if (answer.kind !== 'ACCEPTED') throw new Error(`a good dossier was not accepted: ${answer.kind}`)
        }
      }
      // One after the other at the desk: the ways are told apart by a setting of the desk.
      const desk = async (): Promise<void> => {
        for (const { code, way, withdrawn } of atDesk) {
          await takeAtDesk(code, way === 'PUSH' ? 'PUSH' : 'POLL')
          if (withdrawn) await withdrawAtDesk(code)
        }
      }
      const filled = Promise.all([desk(), ...Array.from({ length: TOGETHER }, next)]).then(() => undefined)
      // Awaited once the fault has happened; one that could not be brought about tells its own error first.
      filled.catch(() => undefined)
      return filled
    },
  }
}
