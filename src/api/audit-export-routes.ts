import { pipeline, Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { FastifyInstance } from 'fastify'
import { requirePermission } from '../access/permissions.js'
import { type ErrorCode, GatewayError, RETRY_AFTER_S } from '../errors.js'
import { localDateOf } from '../model/working-calendar.js'
import { allAuditEntries } from '../operator/export-audit.js'
import type { AuditEntry } from './audit.type.js'
import { bearerToken } from './bearer.js'
import { CSV_FORM } from './csv-form.js'
import type { ApiDependencies } from './dependencies.js'
import { mapError } from './error-mapping.js'
import { createPresenter } from './present.js'
import { readAuditFilter } from './read-audit-filter.js'
import { formatInstant } from './scalars.js'

/**
 * `GET /export/audit.csv`: the audit trail as a file for a spreadsheet, under the same filter, permission and masking as `auditEntries`. It leaves as it is read,
 * page by page, as fast as the reader takes it: ten years of it need no more memory than a page. What began with a formula's sign is no formula
 * in the file. Whoever takes it stands in the trail before the first row leaves.
 */
const COLUMNS: readonly (readonly [header: string, of: (entry: AuditEntry) => string | null])[] = [
  ['Thời điểm', ({ at }) => formatInstant(at)],
  ['Người thực hiện', ({ actorLabel }) => actorLabel],
  ['Vai trò', ({ role }) => role],
  ['Mã thao tác', ({ act }) => act],
  ['Thao tác', ({ actLabel }) => actLabel],
  ['Hệ thống', ({ systemId }) => systemId],
  ['Mã hồ sơ', ({ dossierCode }) => dossierCode],
  ['Lượt liên thông', ({ transferId }) => transferId],
  ['Lý do', ({ reason }) => reason],
  [
    'Trước',
    ({ changes }) => changes.flatMap(({ label, beforeLabel }) => (beforeLabel === null ? [] : `${label}: ${beforeLabel}`)).join('; '),
  ],
  ['Sau', ({ changes }) => changes.flatMap(({ label, afterLabel }) => (afterLabel === null ? [] : `${label}: ${afterLabel}`)).join('; ')],
  ['Khóa', ({ id }) => id],
  ['Kế hoạch', ({ planId }) => planId],
  ['Nguyên nhân', ({ causeId }) => causeId],
]

/**
 * Where a spreadsheet splits by semicolons, as those of Viet Nam do, what stands behind one begins a cell, and behind a line's end a row: a sign of a formula there
 * gets the same mark as at the beginning.
 */
export const unformulated = (text: string): string => text.replace(/([;\r\n\t][\s"]*)([=+\-@＝＋－＠])/g, "$1'$2")

const STATUS: Partial<Record<ErrorCode, number>> = {
  INVALID_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  UNAVAILABLE: 503,
  UPSTREAM_UNAVAILABLE: 503,
}

export const mountAuditExport = (app: FastifyInstance, deps: ApiDependencies): void => {
  app.get('/export/audit.csv', async (request, reply) => {
    try {
      const { caller } = await deps.authenticate(bearerToken(request.headers.authorization))
      requirePermission(caller, 'exportAudit')
      const filter = readAuditFilter(new URL(request.url, 'http://gateway').searchParams)
      await deps.operator.recordAuditExport({ actor: caller, filter })
      const present = createPresenter(caller)
      const rows = async function* () {
        for await (const row of allAuditEntries(deps.db, filter)) {
          const entry = present.auditEntry(row)
          yield COLUMNS.map(([, of]) => unformulated(of(entry) ?? ''))
        }
      }
      const file = stringify({ ...CSV_FORM, columns: COLUMNS.map(([header]) => header) })
      // What fails on the way cuts the answer off: a file that ends early is known by its missing end.
      pipeline(Readable.from(rows()), file, (error) => {
        if (error && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') mapError(error, deps.logger)
      })
      return reply
        .type('text/csv; charset=utf-8')
        .headers({ 'cache-control': 'no-store', vary: 'Authorization' })
        .header('content-disposition', `attachment; filename="nhat-ky-thao-tac-${localDateOf(new Date())}.csv"`)
        .send(file)
    } catch (error) {
      const status = error instanceof GatewayError ? (STATUS[error.code] ?? 500) : 500
      if (status === 503) void reply.header('retry-after', String(RETRY_AFTER_S))
      return reply.code(status).send({ errors: [mapError(error, deps.logger)] })
    }
  })
}
