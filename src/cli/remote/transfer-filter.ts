import { type Command, InvalidArgumentError, Option } from 'commander'
import { ALL_OPERATIONS, SYSTEM_IDS } from '../../model/system.js'
import { HELD_REASONS, TRANSFER_STATES } from '../../model/transfer-state.js'
import { CommandFailed, EXIT } from '../exit-code.js'
import type { Say } from '../language.js'
import { identifiers, instant, localDay, someOf } from '../option-values.js'
import type { HeldReason, SystemId, TransferFilterInput, TransferOperation, TransferState } from './generated/graphql.js'

/** Điều kiện of `transfers list`: every field of the API's filter as an option; all that is given must hold. */
export interface TransferConditions {
  readonly system?: SystemId[]
  readonly state?: TransferState[]
  readonly operation?: TransferOperation[]
  readonly held?: HeldReason[]
  readonly dossier?: string
  readonly applicant?: string
  readonly text?: string
  readonly commune?: string
  readonly communeOn?: string
  readonly parcel?: Parcel
  readonly certificate?: string
  readonly procedure?: string
  readonly correlation?: string
  readonly cause?: string[]
  readonly createdFrom?: string
  readonly createdTo?: string
  readonly dueFrom?: string
  readonly dueTo?: string
  readonly atRisk?: boolean
}

interface Parcel {
  readonly mapSheetNumber: string
  readonly parcelNumber: string
  readonly commune?: string
}

/** `<sheet>/<number>`, or `<commune>/<sheet>/<number>`. */
const parcel =
  (say: Say) =>
  (text: string): Parcel => {
    const parts = text.split('/').map((part) => part.trim())
    const [parcelNumber, mapSheetNumber, commune] = parts.reverse()
    if (parcelNumber && mapSheetNumber && parts.length <= 3) return { mapSheetNumber, parcelNumber, ...(commune && { commune }) }
    throw new InvalidArgumentError(
      say('Cần <tờ>/<thửa> hoặc <xã>/<tờ>/<thửa>.', '<sheet>/<number> or <commune>/<sheet>/<number> is needed.'),
    )
  }

export const withConditions = (command: Command, say: Say): Command =>
  command
    .addOption(someOf('--system <system>', say('hệ thống nhận', 'system'), SYSTEM_IDS, say))
    .addOption(someOf('--state <state>', say('trạng thái', 'state'), TRANSFER_STATES, say))
    .addOption(someOf('--operation <operation>', say('nghiệp vụ', 'operation'), ALL_OPERATIONS, say))
    .addOption(someOf('--held <reason>', say('lý do giữ lại', 'why it is held'), HELD_REASONS, say))
    .option('--dossier <code>', say('mã hồ sơ', 'code of the dossier'))
    .option('--applicant <text>', say('người nộp: họ tên, hoặc số giấy tờ', 'applicant: a name, or a number'))
    .option('--text <text>', say('từ trong hồ sơ', 'words of the dossier'))
    .option('--commune <code or name>', say('xã tiếp nhận: mã hoặc tên, cũ hoặc mới', 'commune that received it: code or name, old or new'))
    .option(
      '--commune-on <day>',
      say('theo nghĩa của mã xã vào ngày này', 'as the code of the commune was meant on this day'),
      localDay(say),
    )
    .option(
      '--parcel <parcel>',
      say('thửa đất: <tờ>/<thửa> hoặc <xã>/<tờ>/<thửa>', 'parcel: <sheet>/<number> or <commune>/<sheet>/<number>'),
      parcel(say),
    )
    .option('--certificate <serial>', say('số phát hành giấy chứng nhận', 'serial number of a certificate'))
    .option('--procedure <code>', say('mã thủ tục', 'code of the procedure'))
    .option('--correlation <id>', say('mã vết', 'correlation id'))
    .option(
      '--cause <id>',
      say('nguyên nhân của lần lỗi gần nhất (causes list)', 'cause of the last failure (causes list)'),
      identifiers(say),
    )
    .option('--created-from <instant>', say('lập từ', 'planned from'), instant(say))
    .option('--created-to <instant>', say('lập đến', 'planned to'), instant(say))
    .option('--due-from <instant>', say('hạn trả của hồ sơ từ', 'dossier due from'), instant(say))
    .option('--due-to <instant>', say('hạn trả của hồ sơ đến', 'dossier due until'), instant(say))
    .addOption(new Option('--at-risk', say('có nguy cơ trễ hạn', 'would miss the due date')))
    .addOption(new Option('--no-at-risk', say('không có nguy cơ trễ hạn', 'would not miss the due date')))

/** What is written in digits is a code. */
const communeOf = (text: string): { code: string } | { name: string } =>
  /^\d+$/.test(text.trim()) ? { code: text.trim() } : { name: text }

export const filterOf = (given: TransferConditions, say: Say): TransferFilterInput => {
  if (given.communeOn !== undefined && given.commune === undefined)
    throw new CommandFailed(EXIT.USAGE, say('--commune-on chỉ dùng cùng với --commune.', '--commune-on goes with --commune alone.'))
  return {
    systems: given.system,
    states: given.state,
    operations: given.operation,
    heldReasons: given.held,
    dossierCode: given.dossier,
    applicant: given.applicant,
    text: given.text,
    commune: given.commune === undefined ? undefined : { ...communeOf(given.commune), on: given.communeOn },
    parcel: given.parcel && {
      mapSheetNumber: given.parcel.mapSheetNumber,
      parcelNumber: given.parcel.parcelNumber,
      commune: given.parcel.commune === undefined ? undefined : communeOf(given.parcel.commune),
    },
    certificateSerial: given.certificate,
    procedureCode: given.procedure,
    correlationId: given.correlation,
    causes: given.cause,
    createdFrom: given.createdFrom,
    createdTo: given.createdTo,
    dueFrom: given.dueFrom,
    dueTo: given.dueTo,
    atRisk: given.atRisk,
  }
}
