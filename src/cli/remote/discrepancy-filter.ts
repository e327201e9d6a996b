import type { Command } from 'commander'
import { COMPARED_FIELDS } from '../../model/compared-record.js'
import { DISCREPANCY_CLASSES, DISCREPANCY_STATES, PROBABLE_CAUSES, PROPOSED_REPAIRS } from '../../model/discrepancy.js'
import { SYSTEM_IDS } from '../../model/system.js'
import type { Say } from '../language.js'
import { instant, localDay, someOf } from '../option-values.js'
import type {
  ComparedField,
  DiscrepancyClass,
  DiscrepancyFilterInput,
  DiscrepancyState,
  ProbableCause,
  ProposedRepair,
  SystemId,
} from './generated/graphql.js'

/** Điều kiện of `discrepancies list` and of a batch: every field of the API's filter as an option; all that is given must hold. */
export interface DiscrepancyConditions {
  readonly class?: DiscrepancyClass[]
  readonly system?: SystemId[]
  readonly state?: DiscrepancyState[]
  readonly field?: ComparedField[]
  readonly cause?: ProbableCause[]
  readonly proposed?: ProposedRepair[]
  readonly dossier?: string
  readonly commune?: string
  readonly procedure?: string
  readonly run?: string
  readonly batch?: string
  readonly text?: string
  readonly from?: string
  readonly to?: string
  readonly foundFrom?: string
  readonly foundTo?: string
}

export const withDiscrepancyConditions = (command: Command, say: Say): Command =>
  command
    .addOption(someOf('--class <class>', say('loại', 'class'), DISCREPANCY_CLASSES, say))
    .addOption(someOf('--system <system>', say('hệ thống bên kia', 'system'), SYSTEM_IDS, say))
    .addOption(someOf('--state <state>', say('trạng thái', 'state'), DISCREPANCY_STATES, say))
    .addOption(someOf('--field <field>', say('trường khác nhau', 'field that differs'), COMPARED_FIELDS, say))
    .addOption(someOf('--cause <cause>', say('nguyên nhân có thể', 'probable cause'), PROBABLE_CAUSES, say))
    .addOption(someOf('--proposed <repair>', say('đề xuất sửa', 'proposed repair'), PROPOSED_REPAIRS, say))
    .option('--dossier <code>', say('đầu mã hồ sơ', 'beginning of the code of the dossier'))
    .option('--commune <code>', say('mã xã tiếp nhận', 'commune that received it'))
    .option('--procedure <code>', say('mã thủ tục', 'code of the procedure'))
    .option('--run <run>', say('thấy trong lượt đối soát này', 'seen in this run'))
    .option('--batch <batch>', say('trong đợt xử lý này', 'of this batch'))
    .option('--text <text>', say('từ trong hồ sơ', 'words of the dossier'))
    .option('--from <day>', say('ngày tiếp nhận từ', 'received from'), localDay(say))
    .option('--to <day>', say('ngày tiếp nhận đến', 'received to'), localDay(say))
    .option('--found-from <instant>', say('xác nhận lệch từ', 'found from'), instant(say))
    .option('--found-to <instant>', say('xác nhận lệch đến', 'found until'), instant(say))

export const discrepancyFilterOf = (given: DiscrepancyConditions): DiscrepancyFilterInput => ({
  classes: given.class,
  systems: given.system,
  states: given.state,
  fields: given.field,
  causes: given.cause,
  proposedRepairs: given.proposed,
  dossierCode: given.dossier,
  communeCode: given.commune,
  procedureCode: given.procedure,
  runId: given.run,
  batchId: given.batch,
  text: given.text,
  receivedFrom: given.from,
  receivedTo: given.to,
  foundFrom: given.foundFrom,
  foundTo: given.foundTo,
})
