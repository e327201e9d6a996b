import { type Command, InvalidArgumentError, Option } from 'commander'
import { CommandFailed, EXIT } from '../exit-code.js'
import type { Say } from '../language.js'
import { decimal, wholeNumber } from '../option-values.js'
import { printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { type Acting, actOnce, declareAct } from './act.js'
import { type Gateway, openGateway } from './ask-gateway.js'
import { CreatePlanDocument, PlanPreviewDocument, type TransferFilterInput } from './generated/graphql.js'
import { describePlan } from './show-plan.js'
import { filterOf, type TransferConditions, withConditions } from './transfer-filter.js'

interface NewPlan {
  readonly name: string
  readonly supersede?: boolean
  readonly perSecond?: number
  readonly window?: readonly [string, string]
  readonly stopAt?: number
  readonly stopAfter?: number
  readonly preview?: boolean
  readonly all?: boolean
}

type Options = Acting & TransferConditions & NewPlan

/** `<HH:mm>-<HH:mm>`; the second may be the earlier one: over midnight. */
const dailyWindow =
  (say: Say) =>
  (text: string): [string, string] => {
    const [, from, to] = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text) ?? []
    if (from !== undefined && to !== undefined) return [from, to]
    throw new InvalidArgumentError(say('Cần HH:mm-HH:mm, ví dụ 18:00-06:00.', 'HH:mm-HH:mm is needed, such as 18:00-06:00.'))
  }

export const declareCreatePlan = (group: Command, session: Session): void => {
  const { say } = session
  const create = declareAct(
    group,
    'create [id...]',
    say(
      'chốt danh sách: các lượt có mã này, hoặc khớp điều kiện',
      'freeze a list: the transfers of these ids, or all that the filter matches',
    ),
    session,
  )
  withConditions(create, say)
    .option('--all', say('mọi lượt, khi không cho điều kiện nào', 'every transfer, when no condition is given'))
    .requiredOption('--name <name>', say('tên kế hoạch', 'name of the plan'))
    .option('--supersede', say('thay bằng lượt mới với nội dung hiện tại', 'put one with what is known now in the place of each'))
    .option(
      '--per-second <n>',
      say('nhịp gửi: nhiều nhất bao nhiêu lượt mỗi giây', 'most transfers in a second'),
      decimal(0.01, 1_000, say),
    )
    .option(
      '--window <from-to>',
      say('khung giờ chạy hằng ngày, ví dụ 18:00-06:00', 'daily hours in which it runs, such as 18:00-06:00'),
      dailyWindow(say),
    )
    .option(
      '--stop-at <share>',
      say('tự dừng khi tỷ lệ lỗi vượt mức này, 0..1', 'stop when the share of failures passes this, 0..1'),
      decimal(0, 1, say),
    )
    .option(
      '--stop-after <n>',
      say('chỉ tính tỷ lệ lỗi sau bấy nhiêu kết quả (20)', 'the share counts after so many results (20)'),
      wholeNumber(1, 100_000, say),
    )
    // What only counts has no name and needs no reason.
    .addOption(new Option('--preview', say('chỉ đếm, không lập kế hoạch', 'count alone, make no plan')).implies({ name: '', reason: '' }))
    .action((ids: string[], options: Options) => createOrPreview(session, ids, options))
}

/** A plan over everything, by a condition forgotten, would be the widest slip of all. */
const chosen = (ids: readonly string[], options: Options, { say }: Session): TransferFilterInput => {
  const filter = { ...filterOf(options, say), ...(ids.length > 0 && { ids: [...ids] }) }
  const isEmpty = Object.values(filter).every((value) => value === undefined)
  if (isEmpty && !options.all)
    throw new CommandFailed(EXIT.USAGE, say('Cần ít nhất một điều kiện, mã lượt, hoặc --all.', 'A condition is needed, an id, or --all.'))
  return filter
}

const createOrPreview = async (session: Session, ids: readonly string[], options: Options): Promise<void> => {
  const filter = chosen(ids, options, session)
  const gateway = await openGateway(session, options)
  return options.preview ? preview(session, gateway, filter, options) : create(session, gateway, filter, options)
}

const preview = async ({ say, terminal }: Session, gateway: Gateway, filter: TransferFilterInput, { json }: Options): Promise<void> => {
  const { replayPlanPreview } = await gateway.ask(PlanPreviewDocument, { filter })
  const { count, countIsExact, approvalAbove, byOutcome } = replayPlanPreview
  const states = byOutcome.map(({ state, count: of }) => `${state} ${of}`).join(', ')
  const all = `${countIsExact ? '' : '> '}${count}`
  const found = say(`${all} lượt khớp: ${states}.`, `${all} transfers match: ${states}.`)
  const needs = say(
    `Quá ${approvalAbove} lượt: cần người thứ hai duyệt trước khi chạy.`,
    `More than ${approvalAbove}: a second person has to approve the plan before it runs.`,
  )
  printerFor(json, terminal).result(replayPlanPreview, count > approvalAbove ? `${found} ${needs}` : found)
}

const create = async (session: Session, gateway: Gateway, filter: TransferFilterInput, options: Options): Promise<void> => {
  const { name, reason, supersede, perSecond, window, stopAt, stopAfter, clientKey } = options
  const [windowFrom, windowTo] = window ?? []
  const plan = {
    name,
    reason,
    filter,
    ...(options.all && { everything: true }),
    perSecond,
    windowFrom,
    windowTo,
    ...(supersede && { kind: 'SUPERSEDE' as const }),
    ...(stopAt !== undefined && { stopAtFailureShare: stopAt }),
    ...(stopAfter !== undefined && { stopAfterSettled: stopAfter }),
  }
  const created = await actOnce(session, clientKey, (key) => gateway.ask(CreatePlanDocument, { input: { clientKey: key, ...plan } }))
  printerFor(options.json, session.terminal).result(created.plan, describePlan(created.plan, session))
}
