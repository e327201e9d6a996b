import type { Channel, PartyKind } from '../../src/model/dossier-content.js'
import type { Operation } from '../../src/model/system.js'

/** Wire numbers and names of the one-stop contract beside ours. Nothing here has a default: an unknown number is refused. */
export const CHANNEL_NUMBERS: Readonly<Record<Channel, number>> = { DIRECT: 1, ONLINE: 2, POST: 3 }
export const PARTY_NUMBERS: Readonly<Record<PartyKind, number>> = { CITIZEN: 1, ENTERPRISE: 2, STATE_BODY: 3, ORGANISATION: 4 }
export const RETURN_METHODS: Readonly<Record<'DESK' | 'POST', number>> = { DESK: 0, POST: 1 }

export const keyOfNumber = <Key extends string>(table: Readonly<Record<Key, number>>, number: number): Key | undefined =>
  (Object.keys(table) as Key[]).find((key) => table[key] === number)

export type OneStopOperation = Extract<Operation, 'REGISTER' | 'POST_SUPPLEMENT' | 'UPDATE_STATUS' | 'POST_TAX_NOTICES' | 'POST_RESULT'>

export const WRITE_NAMES: Readonly<Record<OneStopOperation, string>> = {
  REGISTER: 'TiepNhanHoSoLienThong',
  POST_SUPPLEMENT: 'TiepNhanBoSungLienThong',
  UPDATE_STATUS: 'CapNhatTrangThai',
  POST_TAX_NOTICES: 'CapNhatNghiaVuTaiChinh',
  POST_RESULT: 'CapNhatKetQua',
}

export const isOneStopOperation = (operation: Operation): operation is OneStopOperation => operation in WRITE_NAMES
