import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { z } from 'zod'
import { GatewayError } from '../errors.js'
import { reopenUnknownCodes } from '../inbox/inbox-repository.js'
import { isLocalDate } from '../model/calendar-data.js'
import { SYSTEM_IDS } from '../model/system.js'
import { auditFromTerminal } from '../operator/audit-from-terminal.js'
import { type Database, LONG_WORK } from '../platform/database.js'
import { MAPPING_KINDS } from '../ports/mappings.js'
import { listMappings, type MappingConditions, mappingGaps, mappingsToPrepare } from '../transfer/mapping-gaps-repository.js'
import { loadMappingsIn } from '../transfer/mapping-repository.js'
import type { Answered } from './declare-command.js'
import type { Say } from './language.js'
import { localInstant } from './local-date.js'
import { printerFor } from './printer.js'
import { readJsonFile } from './read-json-file.js'
import type { Session } from './session.js'

/**
 * What `lienthong mappings` does. A file is a JSON list of rows; a wrong row is named by its number
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
    .refine((row) => row.validTo === null || row.validTo >= row.validFrom, { path: ['validTo'], message: 'phải từ ngày validFrom trở đi' })
    .refine(({ kind, ourCode }) => kind !== 'COMMUNE' || /^\d{5}@\d{4}-\d\d-\d\d$/.test(ourCode), {
      path: ['ourCode'],
      message: 'mã xã phải kèm ngày mà mã bắt đầu có nghĩa ấy, ví dụ 28633@2025-07-01',
    }),
)

const parseFile = async (file: string, say: Say): Promise<z.infer<typeof mappingFile>> => {
  const parsed = mappingFile.safeParse(await readJsonFile(file, say))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const [row, ...field] = issue?.path ?? []
  const place = typeof row === 'number' ? `dòng ${row + 1}, trường "${field.join('.')}"` : 'tệp'
  throw new GatewayError('CONFIGURATION', `Tệp ánh xạ sai ở ${place}: ${issue?.message.replace(/\.$/, '')}. Chưa nạp dòng nào.`)
}

interface Loaded {
  readonly loaded: number
  readonly released: number
  readonly reopened: number
}

/** The file is read before there is a database to ask for. */
export const loadMappingsFile = async (database: () => Promise<Database>, file: string, say: Say): Promise<Loaded> => {
  const rows = await parseFile(file, say)
  const db = await database()
  return db.transaction(async (tx) => {
    const done = { loaded: rows.length, released: await loadMappingsIn(tx, rows), reopened: await reopenUnknownCodes(tx) }
    const sha256 = createHash('sha256').update(JSON.stringify(rows)).digest('hex')
    const after = { ...done, systems: [...new Set(rows.map(({ systemId }) => systemId))], sha256 }
    await auditFromTerminal(tx, { act: 'LOAD_MAPPINGS', reason: `mappings load ${basename(file)}`, before: {}, after })
    return done
  }, LONG_WORK)
}

export const load = async ({ database, terminal, say }: Session, file: string, { json }: Answered): Promise<void> => {
  const done = await loadMappingsFile(database, file, say)
  const { loaded, released, reopened } = done
  printerFor(json, terminal).result(
    done,
    say(
      `Đã nạp ${loaded} dòng ánh xạ; đưa ${released} lượt liên thông trở lại hàng đợi; xét lại ${reopened} thông điệp.`,
      `${loaded} rows of mappings are loaded; ${released} transfers are back in line; ${reopened} messages are looked at again.`,
    ),
  )
}

export const showGaps = async ({ database, terminal, say }: Session, { json }: Answered): Promise<void> => {
  const gaps = await mappingGaps(await database())
  printerFor(json, terminal).table(
    gaps.map(({ since, ...gap }) => ({ ...gap, since: since.toISOString() })),
    [
      { heading: say('hệ thống', 'system'), of: ({ systemId }) => systemId },
      { heading: say('còn thiếu', 'missing'), of: ({ missing }) => missing },
      { heading: say('lượt đang giữ', 'held'), of: ({ transfers }) => transfers },
      { heading: say('hồ sơ cần', 'dossiers'), of: ({ dossiers }) => dossiers },
      { heading: say('từ lúc', 'since'), of: ({ since }) => localInstant(since) },
    ],
    say('Không thiếu ánh xạ nào.', 'No mapping is missing.'),
  )
}

const USUAL_ROWS = 100
const MOST_ROWS = 100_000

export interface MappingsListing extends MappingConditions {
  readonly limit?: number
  readonly skip: number
}

export const showMappings = async (
  { database, terminal, say }: Session,
  { json, limit, skip, system, kind, code }: Answered & MappingsListing,
): Promise<void> => {
  // As a file to load again it is whole, unless somebody wants less.
  const most = limit ?? (json ? MOST_ROWS : USUAL_ROWS)
  const { rows, total } = await listMappings(await database(), { system, kind, code }, { limit: most, skip })
  const shown = skip + rows.length
  if (shown < total)
    terminal.note(
      say(
        `Còn nữa: có ${total} dòng, đã đưa ra dòng ${skip + 1} đến ${shown} (--limit, --skip ${shown} để xem tiếp).`,
        `There are more: ${total} rows in all, rows ${skip + 1} to ${shown} are shown (--limit, --skip ${shown} to go on).`,
      ),
    )
  printerFor(json, terminal).table(
    rows,
    [
      { heading: say('hệ thống', 'system'), of: ({ systemId }) => systemId },
      { heading: say('loại', 'kind'), of: ({ kind }) => kind },
      { heading: say('mã của ta', 'our code'), of: ({ ourCode }) => ourCode },
      { heading: say('mã của họ', 'their code'), of: ({ foreignCode }) => foreignCode },
      { heading: say('từ ngày', 'from'), of: ({ validFrom }) => validFrom },
      { heading: say('đến ngày', 'to'), of: ({ validTo }) => validTo },
    ],
    total === 0 ? say('Không có dòng ánh xạ nào như vậy.', 'There is no such row.') : say('Hết dòng.', 'There are no more rows.'),
  )
}

/** As JSON a file for `mappings load`, in which the foreign codes are to be filled in: it is refused while one is empty. */
export const showToPrepare = async ({ database, terminal, say }: Session, { json }: Answered): Promise<void> => {
  const rows = await mappingsToPrepare(await database())
  if (json) {
    printerFor(json, terminal).table(
      rows.map(({ name: _, systemId, kind, ourCode, validFrom, validTo }) => ({
        systemId,
        kind,
        ourCode,
        foreignCode: '',
        validFrom,
        validTo,
      })),
      [],
      '',
    )
    return
  }
  printerFor(json, terminal).table(
    rows,
    [
      { heading: say('hệ thống', 'system'), of: ({ systemId }) => systemId },
      { heading: say('loại', 'kind'), of: ({ kind }) => kind },
      { heading: say('mã của ta', 'our code'), of: ({ ourCode }) => ourCode },
      { heading: say('từ ngày', 'from'), of: ({ validFrom }) => validFrom },
      { heading: say('tên', 'name'), of: ({ name }) => name },
    ],
    say('Mọi mã đã có ánh xạ.', 'Every code has its mapping.'),
  )
}
