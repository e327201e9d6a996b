import { describeDay } from '../model/calendar-day.js'
import { canonicalSerial, isDossierCode, isProcedureCode } from '../model/dossier-code.js'
import type { CertificateContent, DossierContent, ParcelContent, UnitRef } from '../model/dossier-content.js'
import type { DossierClaim, UnitClaim } from '../model/inbound.js'
import { localDateOf } from '../model/working-calendar.js'
import { type ProcedureRow, procedureOf, type ReferenceData, resolveUnit, type UnitElsewhen } from './reference-data.js'

/** Why a dossier cannot be taken, in a sentence for the officer, with the field at fault. */
export interface ClaimRefusal {
  readonly kind: 'REFUSED'
  readonly reason:
    | 'WRONG_DOSSIER_CODE'
    | 'UNKNOWN_PROCEDURE'
    | 'UNKNOWN_COMMUNE'
    | 'AMBIGUOUS_COMMUNE'
    | 'DUE_BEFORE_RECEPTION'
    | 'WRONG_CERTIFICATE_SERIAL'
    | 'WRONG_VERSION'
    | 'MISSING_FIELD'
  readonly field: string
  readonly message: string
}

export interface ResolvedClaim {
  readonly kind: 'RESOLVED'
  readonly content: DossierContent
  readonly procedure: ProcedureRow
}

/** Checks a dossier as it was handed in and resolves its codes on the day of its reception. Nothing is guessed or defaulted. */
export const resolveClaim = (reference: ReferenceData, claim: DossierClaim): ResolvedClaim | ClaimRefusal => {
  if (!isDossierCode(claim.code))
    return refuse('WRONG_DOSSIER_CODE', 'code', `Mã hồ sơ "${claim.code}" không đúng mẫu, ví dụ H58.22-261122-0001.`)
  if (!Number.isInteger(claim.version) || claim.version < 1)
    return refuse('WRONG_VERSION', 'version', 'Phiên bản hồ sơ phải là số nguyên từ 1.')
  const procedure = isProcedureCode(claim.procedureCode) ? procedureOf(reference, claim.procedureCode) : undefined
  if (!procedure) return refuse('UNKNOWN_PROCEDURE', 'procedureCode', `Không có thủ tục "${claim.procedureCode}" trong danh mục.`)
  if (claim.applicant.fullName.trim() === '') return refuse('MISSING_FIELD', 'applicant.fullName', 'Thiếu họ tên người nộp hồ sơ.')
  if (claim.dueAt < claim.receivedAt) return refuse('DUE_BEFORE_RECEPTION', 'dueAt', 'Ngày hẹn trả sớm hơn ngày tiếp nhận.')

  const onDate = localDateOf(new Date(claim.receivedAt))
  const receivingUnit = unitOf(reference, claim.receivingUnit, onDate, 'receivingUnit')
  if ('kind' in receivingUnit) return receivingUnit
  const parcels: ParcelContent[] = []
  for (const [index, parcel] of claim.parcels.entries()) {
    const unit = unitOf(reference, parcel.unit, onDate, `parcels.${index}.unit`)
    if ('kind' in unit) return unit
    parcels.push({ ...parcel, unit })
  }
  const certificates: CertificateContent[] = []
  for (const [index, certificate] of claim.certificates.entries()) {
    const serialNumber = canonicalSerial(certificate.serialNumber)
    if (serialNumber === null)
      return refuse(
        'WRONG_CERTIFICATE_SERIAL',
        `certificates.${index}.serialNumber`,
        `Số phát hành "${certificate.serialNumber}" không đúng mẫu, ví dụ CD 12345678.`,
      )
    certificates.push({ ...certificate, serialNumber })
  }
  const { status: _status, ...rest } = claim
  return {
    kind: 'RESOLVED',
    procedure,
    content: { ...rest, procedureCode: procedure.code, procedureName: procedure.name, receivingUnit, parcels, certificates },
  }
}

const refuse = (reason: ClaimRefusal['reason'], field: string, message: string): ClaimRefusal => ({
  kind: 'REFUSED',
  reason,
  field,
  message,
})

const unitOf = (reference: ReferenceData, claim: UnitClaim, onDate: string, field: string): UnitRef | ClaimRefusal => {
  const resolution = resolveUnit(reference, claim, onDate)
  if (resolution.kind === 'UNKNOWN')
    return refuse(
      'UNKNOWN_COMMUNE',
      field,
      `Không có đơn vị hành chính mã "${claim.code}" vào ngày ${describeDay(onDate)}${sentenceOf(resolution.elsewhen)}.`,
    )
  const { code, validFrom, name } = resolution.unit
  if (resolution.kind === 'AMBIGUOUS')
    return refuse(
      'AMBIGUOUS_COMMUNE',
      field,
      `Mã "${claim.code}" vào ngày ${describeDay(onDate)} là ${name} (từ ngày ${describeDay(validFrom)}), không phải "${claim.name}"${sentenceOf(resolution.elsewhen)}.`,
    )
  return { code, validFrom, name }
}

/** What the officer is to write instead. */
const sentenceOf = (elsewhen: UnitElsewhen | undefined): string => {
  if (!elsewhen) return ''
  const { unit, heir } = elsewhen
  const span = unit.validTo === null ? `từ ngày ${describeDay(unit.validFrom)}` : `đến hết ngày ${describeDay(unit.validTo)}`
  const now = heir ? `; địa bàn đó nay thuộc ${heir.name}, mã ${heir.code}` : ''
  return `: mã này là ${unit.name} ${span}${now}`
}
