import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { GatewayError } from '../errors.js'
import { reopenUnknownCodes } from '../inbox/inbox-repository.js'
import { SYSTEM_IDS } from '../model/system.js'
import { type Database, LONG_WORK } from '../platform/database.js'
import { MAPPING_KINDS } from '../ports/mappings.js'
import { loadMappingsIn, mappingGaps } from '../transfer/mapping-repository.js'
import { isLocalDate } from './local-date.js'
import type { Printer } from './printer.js'

/**
 * `lienthong mappings load <file>` and `lienthong mappings gaps`. A file is a JSON list of rows; a wrong row is named by its number
 * and nothing of the file is loaded. Loading releases what is held for a missing mapping.
 */
const localDate = z.string().refine(isLocalDate, 'phải là một ngày có thật, dạng yyyy-MM-dd')

const mappingFile = z.array(
  z
    .strictObject({
      systemId: z.enum(SYSTEM_IDS),
      kind: z.enum(MAPPING_KINDS),
      ourCode: z.string().min(1),
      foreignCode: z.string().min(1),
      validFrom: localDate.default('2000-01-01'),
      validTo: localDate.nullable().default(null),
    })
    .refine((row) => row.validTo === null || row.validTo >= row.validFrom, { path: ['validTo'], message: 'phải từ ngày validFrom trở đi' }),
)

const parseFile = async (file: string): Promise<z.infer<typeof mappingFile>> => {
  let json: unknown
  try {
    json = JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new GatewayError('CONFIGURATION', `Không đọc được tệp ánh xạ "${file}": ${(error as Error).message}`)
  }
  const parsed = mappingFile.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const [row, ...field] = issue?.path ?? []
  const place = typeof row === 'number' ? `dòng ${row + 1}, trường "${field.join('.')}"` : 'tệp'
  throw new GatewayError('CONFIGURATION', `Tệp ánh xạ sai ở ${place}: ${issue?.message.replace(/\.$/, '')}. Chưa nạp dòng nào.`)
}

export const loadMappingsCommand = async (db: Database, printer: Printer, file: string): Promise<void> => {
  const rows = await parseFile(file)
  const { released, reopened } = await db.transaction(
    async (tx) => ({
      released: await loadMappingsIn(tx, rows),
      reopened: await reopenUnknownCodes(tx),
    }),
    LONG_WORK,
  )
  printer.result(
    { loaded: rows.length, released, reopened },
    `Đã nạp ${rows.length} dòng ánh xạ; đưa ${released} lượt liên thông trở lại hàng đợi; xét lại ${reopened} thông điệp.`,
  )
}

export const mappingGapsCommand = async (db: Database, printer: Printer): Promise<void> => {
  const gaps = await mappingGaps(db)
  printer.table(
    gaps.map((gap) => ({ systemId: gap.systemId, missing: gap.missing, transfers: gap.transfers, since: gap.since.toISOString() })),
    'Không thiếu ánh xạ nào.',
  )
}
