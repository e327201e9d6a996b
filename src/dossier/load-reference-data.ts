import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UnusableConfiguration } from '../errors.js'
import { DOSSIER_EVENT_KINDS, ROUTE_MODES, routingProblems } from '../model/routing.js'
import { ALL_OPERATIONS, type Operation, ORIGINS, SYSTEM_IDS, SYSTEM_NAMES } from '../model/system.js'
import { type Database, LONG_WORK, type Tx } from '../platform/database.js'
import { installDeadlines } from './load-deadlines.js'

/**
 * Nạp dữ liệu tham chiếu: communes, procedures, routing rules, what due dates are computed by and the list of systems, from the files of `prisma/reference`. Loading
 * again changes nothing: what a district has changed in the routing table is left as it is, and only an operation that it does not know yet gets its rules.
 * Programs that start at once take turns, and each waits for those before it: it has the time (`LONG_WORK`).
 */
const administrativeUnits = z.object({
  source: z.string(),
  old: z.object({
    validTo: z.string(),
    province: z.object({ code: z.string(), name: z.string() }),
    units: z.array(z.tuple([z.string(), z.string(), z.string()])),
  }),
  new: z.object({
    validFrom: z.string(),
    province: z.object({ code: z.string(), name: z.string() }),
    units: z.array(z.tuple([z.string(), z.string()])),
  }),
})

const procedures = z.array(
  z.object({
    code: z.string(),
    name: z.string(),
    fieldCode: z.string(),
    fieldName: z.string(),
    statutoryDays: z.number().int().nullable(),
    standing: z.string(),
    landRegistration: z.boolean(),
  }),
)

const routing = z.array(
  z.object({
    event: z.enum(DOSSIER_EVENT_KINDS),
    origin: z.enum([...ORIGINS, '*']).default('*'),
    procedure: z.string().default('*'),
    operation: z.enum(ALL_OPERATIONS as [Operation, ...Operation[]]),
    mode: z.enum(ROUTE_MODES),
    validFrom: z.string(),
    validTo: z.string().nullable().default(null),
  }),
)

/** The first day of the old codes as far as the gateway is concerned: earlier dossiers are not of this century's systems. */
const OLD_CODES_SINCE = '2000-01-01'

export const loadReferenceData = async (db: Database, folder: string): Promise<void> => {
  const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(folder, file), 'utf8'))
  const units = administrativeUnits.parse(await read('administrative-units.json'))
  const procedureRows = procedures.parse(await read('procedures.json'))
  const rules = routing.parse(await read('routing.json'))
  await db.transaction(async (tx) => {
    await tx.query(`SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtext('lienthong-reference-data'))`)
    await tx.orm.foreignSystem.createMany({ data: SYSTEM_IDS.map((id) => ({ id, name: SYSTEM_NAMES[id] })), skipDuplicates: true })
    await loadUnits(tx, units)
    for (const row of procedureRows) await tx.orm.procedure.upsert({ where: { code: row.code }, create: row, update: row })
    await installDeadlines(tx, folder)
    const routed = await tx.orm.routingRule.findMany({ distinct: ['operation'], select: { operation: true } })
    const known = new Set(routed.map(({ operation }) => operation))
    await tx.orm.routingRule.createMany({
      data: rules
        .filter(({ operation }) => !known.has(operation))
        .map((rule) => ({
          ...rule,
          validFrom: new Date(rule.validFrom),
          validTo: rule.validTo ? new Date(rule.validTo) : null,
        })),
    })
  }, LONG_WORK)
}

const loadUnits = async (tx: Tx, units: z.infer<typeof administrativeUnits>): Promise<void> => {
  const standing = `C: ${units.source}`
  const old = units.old.units.map(([code, name, successorCode]) => ({
    code,
    name,
    successorCode,
    standing,
    provinceCode: units.old.province.code,
    provinceName: units.old.province.name,
    validFrom: new Date(OLD_CODES_SINCE),
    validTo: new Date(units.old.validTo),
  }))
  const current = units.new.units.map(([code, name]) => ({
    code,
    name,
    standing,
    provinceCode: units.new.province.code,
    provinceName: units.new.province.name,
    validFrom: new Date(units.new.validFrom),
  }))
  await tx.orm.administrativeUnit.createMany({ data: [...old, ...current], skipDuplicates: true })
}

/** Refuses to start with a routing table that says two things for one event on one day. */
export const checkRouting = (rules: Parameters<typeof routingProblems>[0]): void => {
  const [problem] = routingProblems(rules)
  if (problem)
    throw new UnusableConfiguration(`Bảng định tuyến sai: ${problem.vietnamese}.`, `The routing table is wrong: ${problem.english}.`)
}
