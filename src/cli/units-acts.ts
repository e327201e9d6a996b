import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { checkUnitMap, loadUnitMap, showUnitMap, type UnitChanges } from '../dossier/load-unit-map.js'
import { reopenUnknownCodes } from '../inbox/inbox-repository.js'
import { unitKey } from '../model/unit-map.js'
import { auditFromTerminal } from '../operator/audit-from-terminal.js'
import { LONG_WORK } from '../platform/database.js'
import type { Answered } from './declare-command.js'
import { CommandFailed, EXIT } from './exit-code.js'
import { printerFor } from './printer.js'
import { readJsonFile } from './read-json-file.js'
import type { Session } from './session.js'

export interface UnitsLoading extends Answered {
  readonly changeMeaning?: boolean
}

export interface UnitsListing extends Answered {
  readonly on?: string
  readonly code?: string
}

/** What `lienthong units` does. A wrong file names each of its faults, and nothing of it is loaded. */
const refused = ({ say }: Session, problems: readonly string[]): CommandFailed =>
  new CommandFailed(
    EXIT.REFUSED,
    [
      say(`Tệp có ${problems.length} lỗi, chưa nạp gì:`, `The file has ${problems.length} faults, nothing was loaded:`),
      ...problems.map((problem) => `  ${problem}`),
      say(
        'Sửa xong hãy kiểm tra lại: có lỗi chỉ xét được khi các lỗi trên đã hết.',
        'Check again when these are mended: some faults can be seen only then.',
      ),
    ].join('\n'),
  )

const countsOf = ({ added, changed, unchanged }: UnitChanges) => ({ added: added.length, changed: changed.length, unchanged })

export const checkUnits = async (session: Session, path: string, { json, changeMeaning = false }: UnitsLoading): Promise<void> => {
  const { say, terminal } = session
  const file = await readJsonFile(path, say)
  const checked = await checkUnitMap(await session.database(), file, changeMeaning)
  if (checked.kind === 'INVALID') throw refused(session, checked.problems)
  const counts = countsOf(checked.changes)
  printerFor(json, terminal).result(
    { ok: true, ...counts },
    say(
      `Tệp đúng: thêm ${counts.added}, sửa ${counts.changed}, giữ nguyên ${counts.unchanged} đơn vị.`,
      `The file is right: it adds ${counts.added} units, changes ${counts.changed} and leaves ${counts.unchanged}.`,
    ),
  )
}

export const loadUnits = async (session: Session, path: string, { json, changeMeaning = false }: UnitsLoading): Promise<void> => {
  const { say, terminal } = session
  const file = await readJsonFile(path, say)
  const db = await session.database()
  const done = await db.transaction(async (tx) => {
    const checked = await loadUnitMap(tx, file, changeMeaning)
    if (checked.kind === 'INVALID') throw refused(session, checked.problems)
    const { added, changed, source } = checked.changes
    const counts = countsOf(checked.changes)
    if (added.length + changed.length === 0) return { ...counts, reopened: 0 }
    // What waited for a commune that nobody knew.
    const reopened = await reopenUnknownCodes(tx)
    await auditFromTerminal(tx, {
      act: 'LOAD_UNITS',
      reason: `units load ${basename(path)}`,
      before: { changed: changed.map(({ before }) => `${unitKey(before)} ${before.name}`) },
      after: {
        ...counts,
        reopened,
        source,
        changeMeaning: String(changeMeaning),
        added: added.map((unit) => `${unitKey(unit)} ${unit.name}`),
        changed: changed.map(({ after }) => `${unitKey(after)} ${after.name}`),
        sha256: createHash('sha256').update(JSON.stringify(file)).digest('hex'),
      },
    })
    return { ...counts, reopened }
  }, LONG_WORK)
  printerFor(json, terminal).result(
    done,
    done.added + done.changed === 0
      ? say('Các đơn vị này đã có đúng như vậy, không đổi gì.', 'These units are kept already as they are, nothing was changed.')
      : say(
          `Đã thêm ${done.added}, sửa ${done.changed} đơn vị; xét lại ${done.reopened} thông điệp. Xã mới cần ánh xạ: lienthong mappings prepare.`,
          `${done.added} units were added, ${done.changed} changed; ${done.reopened} messages are looked at again. New communes need mappings: lienthong mappings prepare.`,
        ),
  )
}

export const listUnits = async ({ database, terminal, say }: Session, { json, on, code }: UnitsListing): Promise<void> => {
  const shown = await showUnitMap(
    await database(),
    (unit) =>
      (code === undefined || unit.code === code) &&
      (on === undefined || (unit.validFrom <= on && (unit.validTo === null || unit.validTo >= on))),
  )
  if (json) return printerFor(json, terminal).result(shown, '')
  printerFor(json, terminal).table(
    shown.units,
    [
      { heading: say('mã', 'code'), of: (unit) => unit.code },
      { heading: say('tên', 'name'), of: ({ name }) => name },
      { heading: say('tỉnh', 'province'), of: ({ province }) => `${province.code} ${province.name}` },
      { heading: say('từ ngày', 'from'), of: ({ validFrom }) => validFrom },
      { heading: say('đến ngày', 'to'), of: ({ validTo }) => validTo },
      {
        heading: say('kế thừa', 'passed to'),
        of: ({ successors }) => successors.map((heir) => heir.code + (heir.rule ? ` (${heir.rule})` : '')).join(', '),
      },
    ],
    say('Chưa có đơn vị nào như vậy.', 'There is no such unit.'),
  )
}
