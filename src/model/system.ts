import type { Language } from './language.js'

/**
 * Hệ thống liên thông và nghiệp vụ liên thông: the foreign systems that a dossier lives in, and what a transfer may ask each of them to do. This is the one
 * table of them: names, the lists of the API, digests, the order of transfers, configuration and gates follow from it. How we speak to a system,
 * wire names included, stands in its adapter's folder.
 *
 * Operations stand in the order in which one change sends them; the first is the one by which the system learns of a dossier (lượt giới thiệu hồ sơ). An
 * operation belongs to one system. `carries`: what it tells, in the words of the inbox. DOSSIER: all of it, so that a newer one makes
 * an older, unsent one pointless; STATUS_REPORTED: never told after a newer one; the others but TAX_NOTICES are facts, which happen once. `digest`: the fields
 * of its body that make it the same content (`digest.ts`).
 */
const SYSTEM_TABLE = {
  ONE_STOP: {
    name: 'Một cửa điện tử',
    inSentence: 'một cửa',
    operations: {
      REGISTER: {
        vi: 'Đăng ký hồ sơ phát sinh tại cơ quan đất đai',
        carries: 'DOSSIER',
        digest: ['dossierCode', 'dossier', 'status'],
      },
      POST_SUPPLEMENT: {
        vi: 'Gửi giấy tờ bổ sung về một cửa',
        carries: 'SUPPLEMENT_HANDED_IN',
        digest: ['dossierCode', 'supplementNo', 'note', 'documents', 'at'],
      },
      UPDATE_STATUS: {
        vi: 'Cập nhật trạng thái, hạn trả',
        carries: 'STATUS_REPORTED',
        digest: ['dossierCode', 'status', 'dueAt', 'note', 'at'],
      },
      POST_TAX_NOTICES: { vi: 'Gửi thông báo thuế', carries: 'TAX_NOTICES', digest: ['dossierCode', 'notices', 'at'] },
      POST_RESULT: {
        vi: 'Gửi kết quả giải quyết',
        carries: 'RESULT_ISSUED',
        digest: ['dossierCode', 'status', 'note', 'documents', 'at'],
      },
    },
  },
  VILIS: {
    name: 'Phần mềm đất đai ViLIS',
    inSentence: 'ViLIS',
    operations: {
      RECEIVE: { vi: 'Tiếp nhận hồ sơ', carries: 'DOSSIER', digest: ['dossierCode', 'dossier'] },
      SUPPLEMENT: {
        vi: 'Bổ sung hồ sơ',
        carries: 'SUPPLEMENT_HANDED_IN',
        digest: ['dossierCode', 'supplementNo', 'note', 'newDueAt', 'documents'],
      },
      WITHDRAW: { vi: 'Rút hồ sơ', carries: 'WITHDRAWN', digest: ['dossierCode', 'reason', 'at'] },
      CONFIRM_RETURN: { vi: 'Xác nhận trả kết quả', carries: 'RESULT_RETURNED', digest: ['dossierCode', 'method', 'note', 'at'] },
    },
  },
  PORTAL: {
    name: 'Cổng dịch vụ công',
    inSentence: 'Cổng dịch vụ công',
    operations: {
      SYNC_DOSSIER: {
        vi: 'Đồng bộ hồ sơ lên cổng',
        carries: 'DOSSIER',
        digest: ['dossierCode', 'dossier', 'status', 'dueAt', 'finishedAt', 'returnedAt', 'results'],
      },
      SYNC_PROGRESS: {
        vi: 'Cập nhật tiến độ lên cổng',
        carries: 'STATUS_REPORTED',
        digest: ['dossierCode', 'status', 'dueAt', 'note', 'at'],
      },
    },
  },
} as const satisfies Record<string, SystemRow>

interface SystemRow {
  readonly name: string
  /** The same within a sentence. */
  readonly inSentence: string
  readonly operations: Readonly<Record<string, OperationRow>>
}

interface OperationRow {
  readonly vi: string
  readonly carries: Carried
  readonly digest: readonly string[]
}

type Carried = 'DOSSIER' | 'STATUS_REPORTED' | 'TAX_NOTICES' | CarriedFact
export type CarriedFact = 'SUPPLEMENT_HANDED_IN' | 'WITHDRAWN' | 'RESULT_ISSUED' | 'RESULT_RETURNED'

type Table = typeof SYSTEM_TABLE
export type SystemId = keyof Table
export type Operation = { [Id in SystemId]: keyof Table[Id]['operations'] }[SystemId]

export const SYSTEM_IDS = Object.keys(SYSTEM_TABLE) as readonly SystemId[]

/** One value for each system. */
export const bySystem = <Value>(value: (id: SystemId) => Value): Readonly<Record<SystemId, Value>> =>
  Object.fromEntries(SYSTEM_IDS.map((id) => [id, value(id)])) as Record<SystemId, Value>

export const SYSTEM_NAMES = bySystem<string>((id) => SYSTEM_TABLE[id].name)
export const SYSTEM_IN_SENTENCE = bySystem<string>((id) => SYSTEM_TABLE[id].inSentence)

const IN_ENGLISH_SENTENCE: Readonly<Record<SystemId, string>> = {
  ONE_STOP: 'the one-stop desk’s system',
  VILIS: 'ViLIS',
  PORTAL: 'the public service portal',
}
export const systemInSentence = (id: SystemId, language: Language): string =>
  (language === 'en' ? IN_ENGLISH_SENTENCE : SYSTEM_IN_SENTENCE)[id]

export const OPERATIONS = bySystem((id) => Object.keys(SYSTEM_TABLE[id].operations) as readonly Operation[])

export const ALL_OPERATIONS: readonly Operation[] = SYSTEM_IDS.flatMap((id) => OPERATIONS[id])

const SYSTEM_OF = new Map(SYSTEM_IDS.flatMap((id) => OPERATIONS[id].map((operation) => [operation, id] as const)))
export const systemOf = (operation: Operation): SystemId => SYSTEM_OF.get(operation) as SystemId

const rowOf = (operation: Operation): OperationRow =>
  (SYSTEM_TABLE[systemOf(operation)].operations as Readonly<Record<string, OperationRow>>)[operation] as OperationRow

/** Nghiệp vụ, for an officer. */
export const describeOperation = (operation: Operation, language: Language = 'vi'): string =>
  language === 'en' ? ENGLISH_OPERATIONS[operation] : rowOf(operation).vi

const ENGLISH_OPERATIONS: Readonly<Record<Operation, string>> = {
  REGISTER: 'Register dossier of the land office',
  POST_SUPPLEMENT: 'Post supplement',
  UPDATE_STATUS: 'Update status and due date',
  POST_TAX_NOTICES: 'Post tax notices',
  POST_RESULT: 'Post result',
  RECEIVE: 'Receive dossier',
  SUPPLEMENT: 'Supplement dossier',
  WITHDRAW: 'Withdraw dossier',
  CONFIRM_RETURN: 'Confirm return of result',
  SYNC_DOSSIER: 'Synchronise dossier to portal',
  SYNC_PROGRESS: 'Synchronise progress to portal',
}

export const digestFieldsOf = (operation: Operation): readonly string[] => rowOf(operation).digest

export const carriedBy = (operation: Operation): Carried => rowOf(operation).carries

/** Where a change of a dossier was made first. GATEWAY: a front-end app, through our own mutations. */
export const ORIGINS: readonly Origin[] = [...SYSTEM_IDS, 'GATEWAY']
export type Origin = SystemId | 'GATEWAY'
