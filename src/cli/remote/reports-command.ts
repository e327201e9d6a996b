import { type Command, InvalidArgumentError, Option } from 'commander'
import { REPORT_BASES, REPORT_DIMENSIONS, type ReportBasis, type ReportDimension, readMonths } from '../../model/month-report.js'
import { SYSTEM_IDS, type SystemId } from '../../model/system.js'
import { CommandFailed, EXIT } from '../exit-code.js'
import type { Say } from '../language.js'
import { localInstant } from '../local-date.js'
import { type Column, linesOf, printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { openGateway } from './ask-gateway.js'
import { MonthReportDocument, type MonthReportQuery, ProcessRecordDocument, type ReportLineFragment } from './generated/graphql.js'

/** `lienthong reports month | record`: on time, late, late because of the interlink; and the steps of one dossier. */
export const declareReports = (program: Command, session: Session): void => {
  const { say } = session
  const group = program.command('reports').description(say('báo cáo liên thông, qua cổng', 'reports of the interlink, through the gateway'))
  declareRemote(
    group,
    'month',
    say('đúng hạn, trễ hạn, trễ hạn vì liên thông, thời gian tiết kiệm', 'on time, late, late because of the interlink, time saved'),
    session,
  )
    .requiredOption('--month <yyyy-MM>', say('tháng, hoặc tháng đầu', 'the month, or the first one'), month(say))
    .option('--to <yyyy-MM>', say('tháng cuối (mặc định: cùng tháng)', 'the last month (default: the same)'), month(say))
    .addOption(new Option('--by <dimension>', say('báo cáo theo', 'a line for each')).choices(REPORT_DIMENSIONS).default('COMMUNE'))
    .addOption(
      new Option('--basis <basis>', say('theo ngày hẹn trả hay ngày có kết quả', 'by due date or by the day of the result'))
        .choices(REPORT_BASES)
        .default('DUE'),
    )
    .addOption(new Option('--system <system>', say('hồ sơ đã chờ hệ thống này', 'dossiers that waited on this system')).choices(SYSTEM_IDS))
    .action((options: Asked) => showMonth(session, options))
  declareRemote(
    group,
    'record <code>',
    say('các bước của một hồ sơ: ai, bao lâu, trong hạn hay quá hạn', 'the steps of a dossier: who, how long, within or over'),
    session,
  ).action((code: string, options: Remote) => showRecord(session, code, options))
}

interface Asked extends Remote {
  readonly month: string
  readonly to?: string
  readonly by: ReportDimension
  readonly basis: ReportBasis
  readonly system?: SystemId
}

const month =
  (say: Say) =>
  (text: string): string => {
    if (readMonths(text, text)) return text
    throw new InvalidArgumentError(say('Cần một tháng dạng yyyy-MM, ví dụ 2026-11.', 'A month is needed, as yyyy-MM, such as 2026-11.'))
  }

const nameOf = ({ month: of, communeCode, communeName, procedureCode, procedureName, systemId }: ReportLineFragment): string => {
  if (of) return of
  if (systemId) return systemId
  return communeCode ? `${communeCode} ${communeName ?? ''}` : `${procedureCode ?? ''} ${procedureName ?? ''}`.trim()
}

type Line = ReportLineFragment & { readonly name: string }

const columns = (say: Say): Column<Line>[] => [
  { heading: say('hồ sơ', 'dossiers'), of: ({ dossiers }) => dossiers },
  { heading: say('đúng hạn', 'on time'), of: ({ onTime }) => onTime },
  { heading: say('trễ vì liên thông', 'late: interlink'), of: ({ lateByInterlink }) => lateByInterlink },
  { heading: say('trễ, lý do khác', 'late: other'), of: ({ late }) => late },
  { heading: say('chưa đến hạn', 'not yet due'), of: ({ open }) => open },
  { heading: say('rút, không tiếp nhận', 'withdrawn, refused'), of: ({ left }) => left },
  { heading: say('giờ chờ liên thông', 'hours waited'), of: ({ interlinkHours }) => interlinkHours },
  { heading: say('giờ tiết kiệm', 'hours saved'), of: ({ savedHours }) => savedHours },
  { heading: '', of: ({ name }) => name },
]

const sentenceOf = ({ asOf, isWhole }: MonthReportQuery['monthReport'], say: Say): string => {
  if (!asOf) return say('Sổ thời gian chưa được tính: hãy chạy worker.', 'The time ledger has not been worked out: run a worker.')
  const at = say(`Tính đến ${localInstant(asOf)}.`, `As of ${localInstant(asOf)}.`)
  return isWhole ? at : `${at} ${say('Sổ còn đang được tính lần đầu.', 'The ledger is still being worked out for the first time.')}`
}

const showMonth = async (session: Session, options: Asked): Promise<void> => {
  const { say, terminal } = session
  const { month: from, to = from, by, basis, system: systemId } = options
  if (!readMonths(from, to))
    throw new CommandFailed(
      EXIT.USAGE,
      say('--to phải sau --month và không quá 120 tháng.', '--to comes after --month, 120 months at most.'),
    )
  const { monthReport } = await (await openGateway(session, options)).ask(MonthReportDocument, {
    filter: { from, to, basis, ...(systemId && { systemId }) },
    by,
  })
  const lines: Line[] = [
    ...monthReport.rows.map((row) => ({ ...row, name: nameOf(row) })),
    { ...monthReport.total, name: say('TỔNG', 'TOTAL') },
  ]
  const text = [...linesOf(lines, columns(say), terminal.width), '', sentenceOf(monthReport, say)].join('\n')
  printerFor(options.json, terminal).result(monthReport, text)
}

const hours = (seconds: number | null | undefined): string => (seconds == null ? '' : (seconds / 3_600).toFixed(2))

/** Why there is no step: it never had any time, or by the gateway's clock none has passed yet (systems whose clocks run ahead). */
const nothingOf = (
  { asOf, closedAt }: { readonly asOf: string; readonly closedAt?: string | null },
  receivedAt: string,
  say: Say,
): string => {
  const received = localInstant(receivedAt)
  if (closedAt && Date.parse(closedAt) <= Date.parse(receivedAt))
    return say(
      `Sổ thời gian không có bước nào: hồ sơ kết thúc lúc ${localInstant(closedAt)}, không sau lúc tiếp nhận ${received}.`,
      `The ledger has no step: the dossier ended at ${localInstant(closedAt)}, not after its reception at ${received}.`,
    )
  return say(
    `Sổ thời gian chưa có gì về hồ sơ này: hồ sơ ghi tiếp nhận lúc ${received}, sau giờ hiện tại của cổng (${localInstant(asOf)}).`,
    `The ledger has nothing of this dossier yet: it says it was received at ${received}, after the gateway's present time (${localInstant(asOf)}).`,
  )
}

const showRecord = async (session: Session, code: string, options: Remote): Promise<void> => {
  const { say, terminal } = session
  const { dossier } = await (await openGateway(session, options)).ask(ProcessRecordDocument, { code })
  const ledger = dossier?.timeLedger
  if (!ledger)
    throw new CommandFailed(EXIT.NOT_ALLOWED, say('Tài khoản này không xem sổ thời gian.', 'This account may not see the time ledger.'))
  if (ledger.steps.length === 0) {
    printerFor(options.json, terminal).result(ledger, nothingOf(ledger, dossier.receivedAt, say))
    return
  }
  const judged = (isWithin: boolean | null | undefined): string =>
    isWithin == null ? '' : isWithin ? say('trong hạn', 'within') : say('quá hạn', 'over')
  const { whole } = ledger
  const text = [
    ...linesOf(
      ledger.steps,
      [
        { heading: '#', of: ({ number }) => number },
        { heading: say('trách nhiệm', 'party'), of: ({ partyLabel, officer }) => [partyLabel, officer].filter(Boolean).join(', ') },
        { heading: say('từ', 'from'), of: ({ from }) => localInstant(from) },
        { heading: say('đến', 'to'), of: ({ to }) => (to ? localInstant(to) : '…') },
        { heading: say('giờ làm việc', 'working hours'), of: ({ workingSeconds }) => hours(workingSeconds) },
        { heading: say('thời hạn', 'limit'), of: ({ limitSeconds, isWithin }) => `${hours(limitSeconds)} ${judged(isWithin)}`.trim() },
        { heading: say('nội dung', 'step'), of: ({ name }) => name },
      ],
      terminal.width,
    ),
    '',
    `${ledger.outcomeLabel}. ${say('Cơ quan giải quyết', 'Offices')}: ${hours(whole.workingSeconds)} / ${hours(whole.limitSeconds) || '?'} ${say('giờ', 'hours')} ${judged(whole.isWithin)}`.trimEnd(),
  ].join('\n')
  printerFor(options.json, terminal).result(ledger, text)
}
