import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { may, requirePermission } from '../access/permissions.js'
import { findDossierByCode } from '../dossier/dossier-reads-repository.js'
import { invalidInput, notFound } from '../errors.js'
import { type ReportDimension, readMonths } from '../model/month-report.js'
import { refusalInWords } from '../model/recorded-english.js'
import type { MonthReportFilter } from '../reporting/month-report-repository.js'
import { actOnce } from './answer-once.js'
import {
  ApologyLetter,
  ApologyLetterIssued,
  ApologyProposal,
  type IssueApologyLetterAnswer,
  IssueApologyLetterInput,
  IssueApologyLetterResult,
} from './apology-letter.type.js'
import { Dossier } from './dossier.type.js'
import { MonthReport, MonthReportFilterInput, ReportDimensionEnum } from './month-report.type.js'
import { showLedger, showLetter, showReportRow } from './present-ledger.js'
import { checkCommuneCode } from './read-communes.js'
import type { RequestContext } from './request-context.js'
import { TimeLedger } from './time-ledger.type.js'

/** Throws INVALID_INPUT. */
const readReportFilter = (input: MonthReportFilterInput): MonthReportFilter => {
  const months = readMonths(input.from, input.to)
  if (!months) throw invalidInput('MONTHS_INVALID', 'to', 'Khoảng tháng phải theo thứ tự và không quá 120 tháng.')
  return {
    ...months,
    basis: input.basis ?? 'DUE',
    ...(input.communes && { communes: input.communes }),
    ...(input.procedures && { procedures: input.procedures }),
    ...(input.systemId && { systemId: input.systemId }),
  }
}

@Resolver(() => Dossier)
export class TimeLedgerResolver {
  @FieldResolver(() => TimeLedger, {
    nullable: true,
    description: 'Sổ thời gian liên thông, worked out now; null: not for this role',
  })
  async timeLedger(@Root() dossier: Dossier, @Ctx() { caller, loaders, present }: RequestContext): Promise<TimeLedger | null> {
    if (!may(caller, 'Dossier.timeLedger')) return null
    const row = await loaders.timeLedgers.load(dossier.id)
    return row && showLedger(row, (text) => present.text(text, dossier.applicantName))
  }

  @FieldResolver(() => [ApologyLetter], {
    nullable: true,
    description: 'Các phiếu xin lỗi đã lập, the newest first; null: not for this role',
  })
  async apologyLetters(@Root() dossier: Dossier, @Ctx() { caller, loaders }: RequestContext): Promise<ApologyLetter[] | null> {
    if (!may(caller, 'Dossier.apologyLetters')) return null
    return (await loaders.letters.load(dossier.id)).map(showLetter)
  }

  @FieldResolver(() => ApologyProposal, { nullable: true, description: 'Đề xuất cho phiếu xin lỗi; null: not for this role' })
  async apologyProposal(@Root() dossier: Dossier, @Ctx() { caller, loaders, language }: RequestContext): Promise<ApologyProposal | null> {
    if (!may(caller, 'Dossier.apologyLetters')) return null
    const proposal = await loaders.letterProposals.load(dossier.id)
    const refusedBecause = proposal?.refusedBecause
    return (
      proposal && {
        ...proposal,
        refusedBecause: refusedBecause && language === 'en' ? refusalInWords(refusedBecause) : (refusedBecause ?? null),
      }
    )
  }

  @Query(() => MonthReport, { description: 'Báo cáo tháng của các hồ sơ được xem - over the dossiers that the caller may see' })
  async monthReport(
    @Arg('filter', () => MonthReportFilterInput, { description: 'Điều kiện' }) input: MonthReportFilterInput,
    @Arg('by', () => ReportDimensionEnum, { description: 'Báo cáo theo' }) by: ReportDimension,
    @Ctx() { caller, deps, scope }: RequestContext,
  ): Promise<MonthReport> {
    requirePermission(caller, 'monthReport')
    const filter = readReportFilter(input)
    for (const code of filter.communes ?? []) await checkCommuneCode(deps.db, code, 'filter.communes')
    const [standing, [total], rows] = await Promise.all([
      deps.reporting.standing(),
      deps.reporting.monthReport(scope, filter, []),
      deps.reporting.monthReport(scope, filter, [by]),
    ])
    if (!total) throw new Error('a count without a row')
    return { ...standing, total: showReportRow(total), rows: rows.map(showReportRow) }
  }

  @Mutation(() => IssueApologyLetterResult, {
    description: 'Lập phiếu xin lỗi và hẹn lại ngày trả kết quả. It moves no due date in any system.',
  })
  async issueApologyLetter(
    @Arg('input', () => IssueApologyLetterInput, { description: 'Nội dung' }) input: IssueApologyLetterInput,
    @Ctx() context: RequestContext,
  ): Promise<IssueApologyLetterAnswer> {
    const { deps, scope } = context
    const dossier = await findDossierByCode(deps.db, scope, input.code)
    if (!dossier) throw notFound(`hồ sơ ${input.code}`)
    const { clientKey } = input
    const told = { newDueAt: input.newDueAt ?? undefined, reason: input.reason?.trim() || undefined }
    const body = { dossierId: dossier.id, newDueAt: told.newDueAt?.toISOString() ?? null, reason: told.reason ?? null }
    return actOnce(
      context,
      { operation: 'issueApologyLetter', clientKey, body },
      {
        perform: (by) => deps.reporting.issueLetter({ dossierId: dossier.id, ...told, ...by }),
        keep: ({ letterId }) => ({ letterId }),
        answer: async (repeated, { letterId }) => {
          const letter = (await context.loaders.letters.load(dossier.id)).find(({ id }) => id === letterId)
          if (!letter) throw new Error('a letter that was issued is not there')
          return new ApologyLetterIssued({ letter: showLetter(letter), repeated })
        },
      },
    )
  }
}
