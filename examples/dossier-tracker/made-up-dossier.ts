import type { SubmitDossierInput } from './generated/graphql.js'

const DAY_MS = 86_400_000

/** A dossier of a made-up person of Chợ Gạo commune, as an officer at the desk hands it in. A new code and a new key with each call. */
export const madeUpDossier = (now: Date): SubmitDossierInput => {
  const day = new Date(now.getTime() + 7 * 3_600_000).toISOString().slice(2, 10).replaceAll('-', '')
  const number = String(Math.floor(Math.random() * 9_000) + 1_000)
  return {
    clientKey: globalThis.crypto.randomUUID(),
    code: `H58.22.07-${day}-${number}`,
    procedureCode: '1.012783',
    receivingUnit: { code: '28594' },
    channel: 'DIRECT',
    applicant: { kind: 'CITIZEN', fullName: 'Nguyễn Thị Mẫu' },
    summary: 'Cấp đổi giấy chứng nhận',
    receivedBy: 'mc.28594.1',
    receivedAt: now.toISOString(),
    dueAt: new Date(now.getTime() + 10 * DAY_MS).toISOString(),
    parcels: [{ mapSheetNumber: '12', parcelNumber: number, unit: { code: '28594' }, areaM2: '120.50' }],
    certificates: [],
    documents: [],
  }
}
