import { pipeline, Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../access/caller.js'
import { type Permission, requirePermission } from '../access/permissions.js'
import { type Scope, scopeOf } from '../access/scope.js'
import { type ErrorCode, GatewayError, invalidInput, notFound, RETRY_AFTER_S } from '../errors.js'
import { letterNumber } from '../model/apology.js'
import { REPORT_BASES, REPORT_DIMENSIONS, type ReportDimension, readMonths } from '../model/month-report.js'
import { SYSTEM_IDS, SYSTEM_NAMES } from '../model/system.js'
import { isUuid } from '../platform/keyset.js'
import type { MonthReportFilter } from '../reporting/month-report-repository.js'
import type { DossierAccount } from '../reporting/open-reporting.js'
import { unformulated } from './audit-export-routes.js'
import { bearerToken } from './bearer.js'
import { CSV_FORM } from './csv-form.js'
import type { ApiDependencies } from './dependencies.js'
import { mapError } from './error-mapping.js'
import type { MonthReportRow } from './month-report.type.js'
import { createPresenter } from './present.js'
import { showLedger, showReportRow } from './present-ledger.js'
import { checkCommuneCode } from './read-communes.js'
import { checkText } from './readable-text.js'
import { formatInstant } from './scalars.js'
import type { ProcessStep } from './time-ledger.type.js'

/**
 * Báo cáo và phiếu as files: `GET /export/month-report.csv` (a line for each month, commune and procedure; with `by=SYSTEM` for each system of
 * those; with `by=MONTH`, `COMMUNE` or `PROCEDURE` for each of these alone), `GET /export/process-record.csv` (the steps of each dossier of a month: hồ sơ theo ISO 9001) and `GET /export/apology-letter/<id>.pdf`, under the permission, scope and masking of the
 * API. Rows leave as they are read; what began with a formula's sign is no formula in the file.
 */

const STATUS: Partial<Record<ErrorCode, number>> = {
  INVALID_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  UNAVAILABLE: 503,
  UPSTREAM_UNAVAILABLE: 503,
}

type Columns<Row> = readonly (readonly [header: string, of: (row: Row) => string | number | null])[]

const REPORT_COLUMNS: Columns<MonthReportRow> = [
  ['Tháng', ({ month }) => month],
  ['Mã xã', ({ communeCode }) => communeCode],
  ['Xã', ({ communeName }) => communeName],
  ['Mã thủ tục', ({ procedureCode }) => procedureCode],
  ['Thủ tục', ({ procedureName }) => procedureName],
  ['Hệ thống', ({ systemId }) => systemId && SYSTEM_NAMES[systemId]],
  ['Số hồ sơ', ({ dossiers }) => dossiers],
  ['Đúng hạn', ({ onTime }) => onTime],
  ['Trễ hạn vì lý do khác', ({ late }) => late],
  ['Trễ hạn vì liên thông', ({ lateByInterlink }) => lateByInterlink],
  ['Chưa đến hạn', ({ open }) => open],
  ['Rút, không tiếp nhận', ({ left }) => left],
  ['Chờ một cửa (giờ)', ({ deskHours }) => deskHours],
  ['Chờ cơ quan đăng ký đất đai (giờ)', ({ registryHours }) => registryHours],
  ['Chờ cơ quan thuế (giờ)', ({ taxHours }) => taxHours],
  ['Chờ người nộp (giờ)', ({ applicantHours }) => applicantHours],
  ['Chờ liên thông (giờ)', ({ interlinkHours }) => interlinkHours],
  ['Tiết kiệm nhờ tự gửi lại (giờ)', ({ savedHours }) => savedHours],
]

interface StepRow {
  readonly code: string
  readonly procedureCode: string
  readonly step: Omit<ProcessStep, 'number' | 'workingSeconds'> & { readonly number: number | null; readonly workingSeconds: number | null }
  /** Instead of whether it was kept. */
  readonly because?: string
}

const hoursOf = (seconds: number | null): number | null => (seconds === null ? null : Math.round(seconds / 36) / 100)
const KEPT = new Map<boolean | null, string>([
  [true, 'Trong hạn'],
  [false, 'Quá hạn'],
])

const STEP_COLUMNS: Columns<StepRow> = [
  ['Mã hồ sơ', ({ code }) => code],
  ['Mã thủ tục', ({ procedureCode }) => procedureCode],
  ['Bước', ({ step }) => step.number],
  ['Nội dung công việc', ({ step }) => step.name],
  ['Trách nhiệm', ({ step }) => step.partyLabel],
  ['Cán bộ', ({ step }) => step.officer],
  ['Bắt đầu', ({ step }) => formatInstant(step.from)],
  ['Kết thúc', ({ step }) => step.to && formatInstant(step.to)],
  ['Thời gian làm việc (giờ)', ({ step }) => hoursOf(step.workingSeconds)],
  ['Thời hạn (giờ)', ({ step }) => hoursOf(step.limitSeconds)],
  ['Kết quả', ({ step, because }) => because ?? KEPT.get(step.isWithin) ?? null],
]

const NOT_MEASURED = 'Chưa đo được: ghi tiếp nhận sau giờ hiện tại của cổng liên thông'

/** The steps of a dossier, and at its end the whole against the time that the law gives. */
function* stepRows(one: DossierAccount, shown: (text: string) => string): Generator<StepRow> {
  const { steps, whole, closedAt } = showLedger(one, shown)
  const { code, procedureCode, receivedAt } = one.facts
  const isAhead = receivedAt > one.asOf
  for (const step of steps) yield { code, procedureCode, step }
  yield {
    code,
    procedureCode,
    ...(isAhead && { because: NOT_MEASURED }),
    step: {
      ...whole,
      workingSeconds: isAhead ? null : whole.workingSeconds,
      number: null,
      name: 'Toàn bộ, không kể thời gian của người nộp và cơ quan thuế',
      party: 'DESK',
      partyLabel: 'Cơ quan giải quyết',
      officer: null,
      from: receivedAt,
      to: closedAt,
    },
  }
}

const LONGEST = 100
const KNOWN = ['from', 'to', 'basis', 'commune', 'procedure', 'systemId', 'by'] as const
/** Of the process record. */
const OF_RECORD = ['from', 'to', 'commune', 'procedure'] as const
const LONGEST_RECORD_MS = 367 * 86_400_000

/** A parameter that is misspelt is refused: left out, it would let out more than was asked for. */
const readFilter = (
  parameters: URLSearchParams,
  known: readonly string[] = KNOWN,
): MonthReportFilter & { readonly by?: ReportDimension } => {
  for (const [name, text] of parameters) {
    if (!known.includes(name)) throw invalidInput('PARAMETER_UNKNOWN', name, `Không có điều kiện "${name.slice(0, 40)}".`)
    if (text.length > LONGEST) throw invalidInput('PARAMETER_TOO_LONG', name, `Điều kiện dài nhất ${LONGEST} ký tự.`)
    checkText({ of: { [name]: text } })
  }
  const one = (name: (typeof KNOWN)[number]): string | undefined => parameters.get(name) || undefined
  const months = readMonths(one('from') ?? '', one('to') ?? one('from') ?? '')
  if (!months) throw invalidInput('MONTHS_INVALID', 'from', 'Cần from và to dạng yyyy-MM, theo thứ tự và không quá 120 tháng.')
  const basis = REPORT_BASES.find((name) => name === (one('basis') ?? 'DUE'))
  if (!basis) throw invalidInput('BASIS_UNKNOWN', 'basis', `basis phải là một trong: ${REPORT_BASES.join(', ')}.`)
  const systemId = SYSTEM_IDS.find((id) => id === one('systemId'))
  if (one('systemId') && !systemId)
    throw invalidInput('SYSTEM_UNKNOWN', 'systemId', `Hệ thống phải là một trong: ${SYSTEM_IDS.join(', ')}.`)
  const by = REPORT_DIMENSIONS.find((name) => name === one('by'))
  if (one('by') && !by) throw invalidInput('DIMENSION_UNKNOWN', 'by', `by phải là một trong: ${REPORT_DIMENSIONS.join(', ')}.`)
  const [communes, procedures] = [parameters.getAll('commune'), parameters.getAll('procedure')]
  return {
    ...months,
    basis,
    ...(by && { by }),
    ...(communes.length > 0 && { communes }),
    ...(procedures.length > 0 && { procedures }),
    ...(systemId && { systemId }),
  }
}

/** A file is to be worked on in a spreadsheet: unless one of them is asked for, its lines are as fine as they can be and still add up. */
const dimensionsOf = (by: ReportDimension | undefined): readonly ReportDimension[] => {
  if (by === undefined) return ['MONTH', 'COMMUNE', 'PROCEDURE']
  return by === 'SYSTEM' ? ['MONTH', 'COMMUNE', 'PROCEDURE', 'SYSTEM'] : [by]
}

export const mountReports = (app: FastifyInstance, deps: ApiDependencies): void => {
  type Answer = (caller: Caller, scope: Scope, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

  const get = (path: string, permission: Permission, answer: Answer): void => {
    app.get(path, async (request, reply) => {
      try {
        const { caller } = await deps.authenticate(bearerToken(request.headers.authorization))
        requirePermission(caller, permission)
        void reply.headers({ 'cache-control': 'no-store', vary: 'Authorization' })
        return await answer(caller, scopeOf(caller), request, reply)
      } catch (error) {
        const status = error instanceof GatewayError ? (STATUS[error.code] ?? 500) : 500
        if (status === 503) void reply.header('retry-after', String(RETRY_AFTER_S))
        return reply.code(status).send({ errors: [mapError(error, deps.logger)] })
      }
    })
  }

  const sendCsv = <Row>(reply: FastifyReply, name: string, columns: Columns<Row>, rows: AsyncIterable<Row> | Iterable<Row>): unknown => {
    const file = stringify({ ...CSV_FORM, columns: columns.map(([header]) => header) })
    const lines = async function* () {
      for await (const row of rows)
        yield columns.map(([, of]) => {
          const value = of(row)
          return typeof value === 'string' ? unformulated(value) : value
        })
    }
    // What fails on the way cuts the answer off: a file that ends early is known by its missing end.
    pipeline(Readable.from(lines()), file, (error) => {
      if (error && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') mapError(error, deps.logger)
    })
    return reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${name}.csv"`).send(file)
  }

  const parametersOf = ({ url }: FastifyRequest): URLSearchParams => new URL(url, 'http://gateway').searchParams

  const checkedFilter: (...asked: Parameters<typeof readFilter>) => Promise<ReturnType<typeof readFilter>> = async (...asked) => {
    const filter = readFilter(...asked)
    for (const code of filter.communes ?? []) await checkCommuneCode(deps.db, code, 'commune')
    return filter
  }

  get('/export/month-report.csv', 'exportMonthReport', async (_caller, scope, request, reply) => {
    const parameters = parametersOf(request)
    const { by, ...filter } = await checkedFilter(parameters)
    const rows = await deps.reporting.monthReport(scope, filter, dimensionsOf(by))
    return sendCsv(reply, `bao-cao-lien-thong-${parameters.get('from')}`, REPORT_COLUMNS, rows.map(showReportRow))
  })

  get('/export/process-record.csv', 'exportProcessRecord', async (caller, scope, request, reply) => {
    const parameters = parametersOf(request)
    const { from, before, communes, procedures } = await checkedFilter(parameters, OF_RECORD)
    if (+before - +from > LONGEST_RECORD_MS) throw invalidInput('MONTHS_INVALID', 'to', 'Sổ theo dõi lấy nhiều nhất 12 tháng một lần.')
    const filter = { from, before, ...(communes && { communes }), ...(procedures && { procedures }) }
    await deps.reporting.recordProcessExport(
      caller,
      Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name).join(', ')])),
    )
    const present = createPresenter(caller)
    const rows = async function* () {
      for await (const one of deps.reporting.accountsOfMonth(scope, filter))
        yield* stepRows(one, (text) => present.text(text, one.facts.applicantName))
    }
    return sendCsv(reply, `so-theo-doi-${parameters.get('from')}`, STEP_COLUMNS, rows())
  })

  get('/export/apology-letter/:file', 'printApologyLetter', async (caller, scope, request, reply) => {
    const [, id] = /^(.+)\.pdf$/.exec((request.params as { file: string }).file) ?? []
    const printed = id !== undefined && isUuid(id) ? await deps.reporting.printLetter(scope, caller, id) : null
    if (!printed) throw notFound('phiếu này')
    const name = letterNumber(printed.letter, printed.letter.symbol).replaceAll('/', '-')
    return reply.type('application/pdf').header('content-disposition', `inline; filename="phieu-xin-loi-${name}.pdf"`).send(printed.pdf)
  })
}
