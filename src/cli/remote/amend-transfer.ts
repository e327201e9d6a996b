import { type Command, InvalidArgumentError } from 'commander'
import { CommandFailed, EXIT } from '../exit-code.js'
import type { Say } from '../language.js'
import { wholeNumber } from '../option-values.js'
import { type Column, linesOf, printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { type Acting, actOnce, declareAct } from './act.js'
import { type Gateway, openGateway } from './ask-gateway.js'
import { AmendmentCheckDocument, AmendmentFormDocument, type AmendmentFormQuery, AmendTransferDocument } from './generated/graphql.js'
import { differenceColumns } from './show-transfer.js'

/** `lienthong transfers amend` and `fields`: the fields of a transfer's content, and other values in place of its source's. */
interface Change {
  readonly field: string
  readonly value: string
}

interface Amending extends Acting {
  readonly set: readonly Change[]
  readonly check?: boolean
  readonly expectVersion?: number
}

type Field = NonNullable<NonNullable<AmendmentFormQuery['transfer']>['amendmentForm']>['fields'][number]

export const declareAmend = (group: Command, session: Session): void => {
  const { say } = session
  declareRemote(
    group,
    'fields <id>',
    say('các trường của nội dung, trường nào sửa được', 'the fields of its content, and which may be amended'),
    session,
  ).action((id: string, options: Remote) => showFields(session, id, options))
  declareAct(
    group,
    'amend <id>',
    say('sửa nội dung rồi gửi lại trong một lượt mới', 'amend its content and send it in a new transfer'),
    session,
  )
    .requiredOption(
      '--set <field=value>',
      say(
        'giá trị mới của một trường, dùng được nhiều lần; để trống là bỏ',
        'new value of a field, as often as needed; empty takes it out',
      ),
      changeFrom(say),
    )
    .option('--check', say('chỉ kiểm tra và cho xem khác biệt', 'only check, and show the difference'))
    .option(
      '--expect-version <n>',
      say(
        'phiên bản đã xem; chỉ cần khi chạy lại một lệnh chưa rõ kết quả',
        'version that was seen; for a command whose outcome is not known',
      ),
      wholeNumber(0, 2_147_483_647, say),
    )
    .action((id: string, options: Amending) => amend(session, id, options))
}

const changeFrom =
  (say: Say) =>
  (given: string, before: readonly Change[] | undefined): readonly Change[] => {
    const at = given.indexOf('=')
    if (at < 1) throw new InvalidArgumentError(say('viết là trường=giá trị.', 'write it as field=value.'))
    return [...(before ?? []), { field: given.slice(0, at).trim(), value: given.slice(at + 1) }]
  }

const columnsOf = (say: Say): Column<Field>[] => [
  { heading: say('trường', 'field'), of: ({ field }) => field },
  { heading: say('tên', 'name'), of: ({ group, label }) => (group ? `${group}: ${label}` : label) },
  { heading: say('sửa được', 'amendable'), of: ({ amendable }) => (amendable ? say('có', 'yes') : say('không', 'no')) },
  { heading: say('kiểu', 'kind'), of: ({ kind, choices }) => (choices.length > 0 ? choices.map(({ value }) => value).join('|') : kind) },
  { heading: say('giá trị', 'value'), of: ({ value }) => value },
]

const showFields = async (session: Session, id: string, options: Remote): Promise<void> => {
  const { transfer } = await (await openGateway(session, options)).ask(AmendmentFormDocument, { id })
  const form = transfer?.amendmentForm
  if (form?.reason) throw new CommandFailed(EXIT.REFUSED, form.reason)
  printerFor(options.json, session.terminal).table(form?.fields ?? [], columnsOf(session.say), '')
}

const amend = async (session: Session, id: string, options: Amending): Promise<void> => {
  const { say, terminal } = session
  const gateway = await openGateway(session, options)
  const { version, differences } = await check(gateway, id, options.set, { again: options.clientKey !== undefined })
  const lines = linesOf(differences, differenceColumns(say), terminal.width)
  if (options.check) {
    printerFor(options.json, terminal).result(
      { differences },
      [say('Sẽ khác với nguồn:', 'Would differ from its source:'), ...lines].join('\n'),
    )
    return
  }
  const expectedVersion = options.expectVersion ?? version
  const input = { transferId: id, reason: options.reason, changes: [...options.set], expectedVersion }
  const { transfer, repeated } = await actOnce(
    session,
    options.clientKey,
    (clientKey) => gateway.ask(AmendTransferDocument, { input: { clientKey, ...input } }),
    ` --expect-version ${expectedVersion}`,
  )
  const next = transfer.heldReason === 'AWAITING_APPROVAL' ? say('; chờ người thứ hai duyệt', '; it awaits a second person') : ''
  const before = repeated ? say(' (đã làm từ trước)', ' (was done before)') : ''
  printerFor(options.json, terminal).result(
    { repeated, transfer, differences },
    [...lines, say(`Đã lập lượt ${transfer.id}${before}${next}.`, `Planned ${transfer.id}${before}${next}.`)].join('\n'),
  )
}

/** `again`: a command whose outcome is not known may have been done, and then nothing is left to amend: the act itself answers under its key. */
const check = async (gateway: Gateway, id: string, changes: readonly Change[], { again }: { readonly again: boolean }) => {
  const { transfer } = await gateway.ask(AmendmentCheckDocument, { id, changes: [...changes] })
  const judged = transfer?.amendmentCheck
  const faults = judged?.faults.map(({ field, message }) => (field ? `${field}: ${message}` : message)) ?? []
  if (judged?.reason && !again) throw new CommandFailed(EXIT.REFUSED, judged.reason)
  if (judged && faults.length > 0) throw new CommandFailed(EXIT.REFUSED, faults.join('\n'))
  return { version: transfer?.version ?? 0, differences: judged?.differences ?? [] }
}
