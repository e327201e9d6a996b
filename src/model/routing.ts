import type { Operation, Origin } from './system.js'

/**
 * Định tuyến: which event of which procedure goes where is data with dates (`routing_rule`), read here as pure rules. The mode
 * is how a district cuts over: OBSERVE reads and shows; ADOPT links by inquiry what both sides already have; LIVE sends. The rule
 * is chosen by the day on which the event happened, so a first poll of ten years of history falls under the mode of those years.
 */
export const ROUTE_MODES = ['OBSERVE', 'ADOPT', 'LIVE'] as const
export type RouteMode = (typeof ROUTE_MODES)[number]

export const DOSSIER_EVENT_KINDS = [
  'SUBMITTED',
  'RECEIVED',
  'AMENDED',
  'SUPPLEMENT_HANDED_IN',
  'WITHDRAWN',
  'STATUS_CHANGED',
  /** The registry went on by a step and the national status stayed. */
  'STEP_REPORTED',
  'DUE_DATE_CHANGED',
  'TAX_NOTICES_ISSUED',
  'RESULT_ISSUED',
  'RESULT_RETURNED',
] as const
export type DossierEventKind = (typeof DOSSIER_EVENT_KINDS)[number]

export interface RoutingRule {
  readonly event: DossierEventKind
  readonly origin: Origin | '*'
  /** First eight characters of a procedure's code, LAND or *. */
  readonly procedure: string
  readonly operation: Operation
  readonly mode: RouteMode
  /** Local dates `yyyy-MM-dd`, both inclusive; null: open. */
  readonly validFrom: string
  readonly validTo: string | null
}

export interface RoutedEvent {
  readonly kind: DossierEventKind
  readonly origin: Origin
  readonly procedureKey: string
  readonly landRegistration: boolean
  /** Local date of the event. */
  readonly onDate: string
}

const specificity = (rule: RoutingRule): number =>
  (rule.procedure === '*' ? 0 : rule.procedure === 'LAND' ? 1 : 2) * 2 + (rule.origin === '*' ? 0 : 1)

const matches = (rule: RoutingRule, event: RoutedEvent): boolean =>
  rule.event === event.kind &&
  (rule.origin === '*' || rule.origin === event.origin) &&
  (rule.procedure === '*' || rule.procedure === event.procedureKey || (rule.procedure === 'LAND' && event.landRegistration)) &&
  rule.validFrom <= event.onDate &&
  (rule.validTo === null || event.onDate <= rule.validTo)

/** At most one rule an operation: the most specific one that matches. */
export const routesOf = (rules: readonly RoutingRule[], event: RoutedEvent): readonly RoutingRule[] => {
  const chosen = new Map<Operation, RoutingRule>()
  for (const rule of rules) {
    if (!matches(rule, event)) continue
    const held = chosen.get(rule.operation)
    if (!held || specificity(rule) > specificity(held)) chosen.set(rule.operation, rule)
  }
  return [...chosen.values()]
}

interface RoutingProblem {
  readonly vietnamese: string
  readonly english: string
}

/** Problems that would make routing ambiguous; an empty list is a valid table. Checked at start. */
export const routingProblems = (rules: readonly RoutingRule[]): RoutingProblem[] => {
  const problems: RoutingProblem[] = []
  const open = (rule: RoutingRule): string => rule.validTo ?? '9999-12-31'
  rules.forEach((rule, index) => {
    const of = `${rule.event} (${rule.origin}, ${rule.procedure}) → ${rule.operation}`
    if (open(rule) < rule.validFrom)
      problems.push({ vietnamese: `${of}: hết áp dụng trước khi áp dụng`, english: `${of}: validTo before validFrom` })
    for (const other of rules.slice(index + 1)) {
      const same =
        rule.event === other.event &&
        rule.origin === other.origin &&
        rule.procedure === other.procedure &&
        rule.operation === other.operation
      if (same && rule.validFrom <= open(other) && other.validFrom <= open(rule))
        problems.push({ vietnamese: `${of}: hai quy tắc chồng thời gian`, english: `${of}: two rules overlap in time` })
    }
  })
  return problems
}
