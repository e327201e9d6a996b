import type { Scope } from '../../src/access/scope.js'
import {
  countDossiers,
  DOSSIER_ORDERS,
  type DossierFilter,
  type DossierOrder,
  searchDossiers,
} from '../../src/dossier/dossier-search-repository.js'
import { DOSSIER_STATUSES } from '../../src/model/dossier-status.js'
import { ALL_OPERATIONS, SYSTEM_IDS } from '../../src/model/system.js'
import { HELD_REASONS, INTERLINK_STATES, TRANSFER_STATES } from '../../src/model/transfer-state.js'
import type { Sql } from '../../src/platform/database.js'
import { countTransfers, searchTransfers, type TransferFilter } from '../../src/transfer/transfer-search-repository.js'
import { GIVEN_NAMES } from '../history/names.js'
import type { Samples } from './samples.js'

/** COMMON: words that stand in a large share of all dossiers. SELECTIVE: everything else. Each has a goal of its own. */
export type Kind = 'SELECTIVE' | 'COMMON'

/** One line of the result: the same question with other values each time, through the repository's own function. */
export interface Case {
  readonly name: string
  readonly kind: Kind
  readonly run: (db: Sql, turn: number) => Promise<unknown>
}

const DAY_MS = 86_400_000
const PAGE = 20
const at = <Value>(list: readonly Value[], turn: number): Value => list[turn % list.length] as Value

type Question<Filter> = readonly [name: string, kind: Kind, filter: (turn: number) => Omit<Filter, 'textFindsPersons'>]

/** A week that begins somewhere in all the years. */
const week = ({ first, last }: Samples, turn: number): [Date, Date] => {
  const from = new Date(first.getTime() + (((turn * 37) % 97) / 97) * (last.getTime() - first.getTime()))
  return [from, new Date(from.getTime() + 7 * DAY_MS)]
}

/** Questions that lists of dossiers and of transfers share. */
const shared = (
  samples: Samples,
): Question<Pick<DossierFilter, 'applicant' | 'parcel' | 'certificateSerial' | 'commune' | 'procedureCode' | 'text'>>[] => {
  const parcel = (turn: number) => at(samples.parcels, turn)
  return [
    ['người nộp, số giấy tờ', 'SELECTIVE', (turn) => ({ applicant: at(samples.idNumbers, turn) })],
    ['thửa đất của xã', 'SELECTIVE', (turn) => ({ parcel: { ...parcel(turn), commune: { code: parcel(turn).commune } } })],
    [
      'thửa đất, mọi xã',
      'SELECTIVE',
      (turn) => ({ parcel: { mapSheetNumber: parcel(turn).mapSheetNumber, parcelNumber: parcel(turn).parcelNumber } }),
    ],
    ['số phát hành', 'SELECTIVE', (turn) => ({ certificateSerial: at(samples.serials, turn) })],
    ['xã', 'SELECTIVE', (turn) => ({ commune: { code: at(samples.communes, turn) } })],
    [
      'xã theo tên, cùng các xã trước nó',
      'SELECTIVE',
      (turn) => ({ commune: { code: at(samples.communes, turn), on: '2025-07-01', withPredecessors: true } }),
    ],
    ['thủ tục', 'SELECTIVE', (turn) => ({ procedureCode: at(samples.procedures, turn) })],
    ['từ: điện thoại', 'SELECTIVE', (turn) => ({ text: at(samples.phones, turn) })],
    ['từ: tên và ba số cuối', 'SELECTIVE', (turn) => ({ text: `${at(samples.names, turn)} ${at(samples.idNumbers, turn).slice(-4)}` })],
    ['từ: số phát hành', 'SELECTIVE', (turn) => ({ text: at(samples.serials, turn) })],
    ['từ: không có ở đâu', 'SELECTIVE', (turn) => ({ text: `${at(samples.names, turn)} ${at(samples.phones, turn + 7)}` })],
    ['từ: đầu số giấy tờ', 'COMMON', (turn) => ({ text: at(samples.idNumbers, turn).slice(0, 4) })],
    ['từ: họ và đầu số giấy tờ', 'COMMON', (turn) => ({ text: `Nguyễn ${at(samples.idNumbers, turn).slice(0, 5)}` })],
    ['từ: họ tên', 'COMMON', (turn) => ({ text: at(samples.names, turn) })],
    ['từ: Nguyễn', 'COMMON', () => ({ text: 'Nguyễn' })],
    ['từ: họ khác', 'COMMON', (turn) => ({ text: at(['Trần', 'Lê', 'Phạm', 'Võ', 'Đặng', 'Hồ', 'Tạ'], turn) })],
    ['từ: tên', 'COMMON', (turn) => ({ text: at(GIVEN_NAMES, turn) })],
    ['người nộp: Nguyễn Thị', 'COMMON', () => ({ applicant: 'nguyen thi' })],
    ['từ: tên xã', 'COMMON', (turn) => ({ text: at(['Hòa Định', 'Bình Ninh', 'Chợ Gạo', 'Quơn Long'], turn) })],
  ]
}

const dossierQuestions = (samples: Samples): Question<DossierFilter>[] => [
  ['tất cả', 'SELECTIVE', () => ({})],
  ['mã', 'SELECTIVE', (turn) => ({ code: at(samples.codes, turn) })],
  ...shared(samples),
  ['trạng thái', 'SELECTIVE', (turn) => ({ statuses: [at(DOSSIER_STATUSES, turn).status] })],
  ['đang xử lý', 'SELECTIVE', () => ({ statuses: ['ACCEPTED', 'IN_PROGRESS', 'SUPPLEMENT_REQUIRED', 'FINANCIAL_OBLIGATION_REQUIRED'] })],
  [
    'thủ tục và trạng thái',
    'SELECTIVE',
    (turn) => ({ procedureCode: at(samples.procedures, turn), statuses: [at(DOSSIER_STATUSES, turn + 1).status] }),
  ],
  ['hạn trả trong tuần', 'SELECTIVE', (turn) => ({ dueFrom: week(samples, turn)[0], dueTo: week(samples, turn)[1] })],
  ['tiếp nhận trong tuần', 'SELECTIVE', (turn) => ({ receivedFrom: week(samples, turn)[0], receivedTo: week(samples, turn)[1] })],
  ...INTERLINK_STATES.map((state): Question<DossierFilter> => [`liên thông ${state}`, 'SELECTIVE', () => ({ interlink: [state] })]),
  ['Nguyễn, đang xử lý', 'COMMON', () => ({ text: 'Nguyễn', statuses: ['IN_PROGRESS'] })],
]

const transferQuestions = (samples: Samples): Question<TransferFilter>[] => [
  ['tất cả', 'SELECTIVE', () => ({})],
  ['mã hồ sơ', 'SELECTIVE', (turn) => ({ dossierCode: at(samples.codes, turn) })],
  ...shared(samples),
  ['hệ thống', 'SELECTIVE', (turn) => ({ systems: [at(SYSTEM_IDS, turn)] })],
  ['trạng thái', 'SELECTIVE', (turn) => ({ states: [at(TRANSFER_STATES, turn)] })],
  ['nghiệp vụ', 'SELECTIVE', (turn) => ({ operations: [at(ALL_OPERATIONS, turn)] })],
  ['lý do giữ lại', 'SELECTIVE', (turn) => ({ heldReasons: [at(HELD_REASONS, turn)] })],
  ['mã vết', 'SELECTIVE', (turn) => ({ correlationId: at(samples.correlationIds, turn) })],
  ['có nguy cơ', 'SELECTIVE', () => ({ atRisk: true })],
  ['không có nguy cơ', 'SELECTIVE', () => ({ atRisk: false })],
  ['hạn trả trong tuần', 'SELECTIVE', (turn) => ({ dueFrom: week(samples, turn)[0], dueTo: week(samples, turn)[1] })],
  ['chưa xong, hạn trả đến', 'SELECTIVE', (turn) => ({ states: ['HELD', 'REJECTED', 'WAITING_RETRY'], dueTo: week(samples, turn)[1] })],
  ['lập trong tuần', 'SELECTIVE', (turn) => ({ createdFrom: week(samples, turn)[0], createdTo: week(samples, turn)[1] })],
]

const ADMIN: Scope = { communes: null }

export const casesOf = (samples: Samples): Case[] => {
  const roles = [
    ['quản trị', () => ADMIN],
    ['cán bộ một xã', (turn: number): Scope => ({ communes: [at(samples.communes, turn >> 2)] })],
  ] as const
  const orders = Object.keys(DOSSIER_ORDERS) as DossierOrder[]
  const all = { textFindsPersons: true }
  return roles.flatMap(([role, scope]) => [
    ...dossierQuestions(samples).flatMap(([name, kind, filter]): Case[] => [
      {
        name: `hồ sơ · ${name} · ${role} · trang`,
        kind,
        run: (db, turn) => searchDossiers(db, scope(turn), { ...all, ...filter(turn) }, at(orders, turn), { first: PAGE }),
      },
      { name: `hồ sơ · ${name} · ${role} · đếm`, kind, run: (db, turn) => countDossiers(db, scope(turn), { ...all, ...filter(turn) }) },
    ]),
    ...transferQuestions(samples).flatMap(([name, kind, filter]): Case[] => [
      {
        name: `lượt · ${name} · ${role} · trang`,
        kind,
        run: (db, turn) => searchTransfers(db, scope(turn), { ...all, ...filter(turn) }, { first: PAGE }),
      },
      { name: `lượt · ${name} · ${role} · đếm`, kind, run: (db, turn) => countTransfers(db, scope(turn), { ...all, ...filter(turn) }) },
    ]),
  ])
}
