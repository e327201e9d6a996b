import { GraphQLError } from 'graphql'
import { invalidInput } from '../errors.js'
import { isKnownAct } from '../model/audit-act.js'
import { SYSTEM_IDS, type SystemId } from '../model/system.js'
import type { AuditFilter } from '../operator/audit-search-repository.js'
import { isUuid } from '../platform/keyset.js'
import { MOST_ACTS } from './audit.type.js'
import { checkText } from './readable-text.js'
import { InstantScalar } from './scalars.js'

const LONGEST = 200

/** A plus sign that was not escaped has become a space. */
const instantOf = (name: string, text: string): Date => {
  try {
    return InstantScalar.parseValue(text.replace(' ', '+'))
  } catch (error) {
    throw error instanceof GraphQLError ? invalidInput('INSTANT_INVALID', name, error.message) : error
  }
}

const systemOf = (text: string): SystemId => {
  const known = SYSTEM_IDS.find((id) => id === text)
  if (!known) throw invalidInput('SYSTEM_UNKNOWN', 'systemId', `Hệ thống phải là một trong: ${SYSTEM_IDS.join(', ')}.`)
  return known
}

const idOf =
  (reason: string, name: string, what: string) =>
  (text: string): string => {
    if (!isUuid(text)) throw invalidInput(reason, name, `Mã ${what} không đúng dạng.`)
    return text
  }

/** A name that is none would find nothing, which reads as if nothing had happened. */
export const checkActs = (acts: readonly string[] | undefined): void => {
  const unknown = acts?.find((act) => !isKnownAct(act))
  if (unknown !== undefined) throw invalidInput('ACT_UNKNOWN', 'acts', `Không có mã thao tác "${unknown.slice(0, 40)}".`)
}

/** One reader a parameter, named as the fields of `AuditFilterInput` are. `acts` may stand several times, or be a list with commas. */
const READERS: { readonly [Name in Exclude<keyof AuditFilter, 'acts'>]-?: (text: string) => AuditFilter[Name] } = {
  actor: (text) => text,
  transferId: idOf('TRANSFER_ID_INVALID', 'transferId', 'lượt liên thông'),
  planId: idOf('PLAN_ID_INVALID', 'planId', 'kế hoạch'),
  causeId: idOf('CAUSE_ID_INVALID', 'causeId', 'nguyên nhân'),
  discrepancyId: idOf('DISCREPANCY_ID_INVALID', 'discrepancyId', 'sai lệch'),
  reconciliationRunId: idOf('RUN_ID_INVALID', 'reconciliationRunId', 'lượt đối soát'),
  dossierCode: (text) => text,
  systemId: systemOf,
  from: (text) => instantOf('from', text),
  to: (text) => instantOf('to', text),
  text: (text) => text,
}

/** The filter of an export from its address. A parameter that is misspelt is refused: left out, it would let out more than was asked for. */
export const readAuditFilter = (parameters: URLSearchParams): AuditFilter => {
  const acts = parameters.getAll('acts').flatMap((text) => text.split(',').map((act) => act.trim()))
  if (acts.length > MOST_ACTS) throw invalidInput('TOO_MANY_ACTS', 'acts', `Nhiều nhất ${MOST_ACTS} mã thao tác.`)
  checkActs(acts)
  const filter: Record<string, unknown> = acts.length > 0 ? { acts } : {}
  for (const [name, text] of parameters) {
    if (text.length > LONGEST) throw invalidInput('PARAMETER_TOO_LONG', name, `Điều kiện dài nhất ${LONGEST} ký tự.`)
    checkText({ of: { [name]: text } })
    if (name === 'acts') continue
    const read = Object.hasOwn(READERS, name) ? READERS[name as keyof typeof READERS] : undefined
    if (!read) throw invalidInput('PARAMETER_UNKNOWN', name, `Không có điều kiện "${name.slice(0, 40)}".`)
    if (parameters.getAll(name).length > 1) throw invalidInput('PARAMETER_REPEATED', name, `Điều kiện "${name}" chỉ được có một lần.`)
    if (text !== '') filter[name] = read(text)
  }
  return filter
}
