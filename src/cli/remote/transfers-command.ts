import { type Command, Option } from 'commander'
import { version, wholeNumber } from '../option-values.js'
import { printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { type Acting, actOnce, declareAct } from './act.js'
import { declareAmend } from './amend-transfer.js'
import { type Gateway, openGateway } from './ask-gateway.js'
import {
  AbandonTransferDocument,
  ApproveAmendmentDocument,
  ConfirmOutcomeDocument,
  DeclineAmendmentDocument,
  OneTransferDocument,
  ReplayTransferDocument,
  SupersedeTransferDocument,
  type TransferActedFragment,
  type TransferLineFragment,
  TransfersDocument,
} from './generated/graphql.js'
import { describeTransfer, transferColumns } from './show-transfer.js'
import { filterOf, type TransferConditions, withConditions } from './transfer-filter.js'

/** `lienthong transfers list | show | replay | amend | approve | decline | abandon | supersede | confirm`: lượt liên thông, through the gateway. */
export const declareTransfers = (program: Command, session: Session): void => {
  const { say } = session
  const group = program.command('transfers').description(say('các lượt liên thông, qua cổng', 'transfers, through the gateway'))
  const list = declareRemote(group, 'list', say('danh sách, mới nhất trước', 'list, newest first'), session)
  withConditions(list, say)
    .option('--limit <n>', say('nhiều nhất bao nhiêu dòng', 'most lines'), wholeNumber(1, 100_000, say), 50)
    .action((options: Remote & TransferConditions & { limit: number }) => listTransfers(session, options))
  declareRemote(
    group,
    'show <id>',
    say('một lượt: vì sao, các lần thử, các lượt đứng sau', 'one: why, its attempts, who waits behind it'),
    session,
  ).action((id: string, options: Remote) => showTransfer(session, id, options))
  const acts = {
    replay: [ReplayTransferDocument, say('gửi lại', 'put back in line')],
    abandon: [AbandonTransferDocument, say('hủy: không gửi nữa', 'give up: it is not sent any more')],
    approve: [ApproveAmendmentDocument, say('duyệt nội dung sửa của người khác', 'approve what somebody else has amended')],
    decline: [DeclineAmendmentDocument, say('không duyệt nội dung sửa', 'decline what was amended')],
    supersede: [SupersedeTransferDocument, say('thay bằng lượt mới với nội dung hiện tại', 'replace by a new one with what is known now')],
  } as const
  for (const [verb, [document, description]] of Object.entries(acts))
    asSeen(declareAct(group, `${verb} <id>`, description, session), session).action((id: string, options: Acting & Seen) =>
      act(session, options, (gateway, clientKey) =>
        gateway.ask(document, { input: { clientKey, transferId: id, reason: options.reason, expectedVersion: options.version } }),
      ),
    )
  declareAmend(group, session)
  asSeen(
    declareAct(
      group,
      'confirm <id>',
      say('nói rõ một lần gửi chưa rõ kết quả', 'say what became of a sending that nobody could tell'),
      session,
    ),
    session,
  )
    .addOption(
      new Option('--happened <yes|no>', say('bên nhận đã có hay chưa', 'whether the other side has it'))
        .choices(['yes', 'no'])
        .makeOptionMandatory(),
    )
    .option('--external-ref <ref>', say('mã tham chiếu của bên nhận', 'reference of the other side'))
    .action((id: string, options: Acting & Seen & Outcome) =>
      act(session, options, (gateway, clientKey) => {
        const { reason, happened, externalRef, version: expectedVersion } = options
        return gateway.ask(ConfirmOutcomeDocument, {
          input: { clientKey, transferId: id, reason, happened: happened === 'yes', externalRef, expectedVersion },
        })
      }),
    )
}

interface Seen {
  readonly version?: number
}

const MOST_VERSION = 2 ** 31 - 1

/** Of two who act upon one transfer the second is told, when both say what they have seen. */
const asSeen = (command: Command, { say }: Session): Command =>
  command.option(
    '--version <n>',
    say('chỉ khi lượt còn ở phiên bản này (transfers show)', 'only while the transfer has this version (transfers show)'),
    version(MOST_VERSION, say),
  )

interface Outcome {
  readonly happened: 'yes' | 'no'
  readonly externalRef?: string
}

const PAGE = 100

const listTransfers = async (session: Session, options: Remote & TransferConditions & { limit: number }): Promise<void> => {
  const { say, terminal } = session
  const filter = filterOf(options, say)
  const gateway = await openGateway(session, options)
  const rows: TransferLineFragment[] = []
  let after: string | null | undefined
  do {
    const { transfers } = await gateway.ask(TransfersDocument, { first: Math.min(PAGE, options.limit - rows.length), after, filter })
    rows.push(...transfers.edges.map(({ node }) => node))
    after = transfers.pageInfo.hasNextPage ? transfers.pageInfo.endCursor : null
    if (rows.length >= options.limit && after) {
      const all = `${transfers.totalCountIsExact ? '' : '> '}${transfers.totalCount}`
      terminal.note(
        say(
          `Còn nữa: có ${all} lượt, đưa ra ${rows.length} (--limit).`,
          `There are more: ${all} in all, ${rows.length} are shown (--limit).`,
        ),
      )
    }
  } while (after && rows.length < options.limit)
  printerFor(options.json, terminal).table(rows, transferColumns(say), say('Không có lượt liên thông nào.', 'There are no transfers.'))
}

const showTransfer = async (session: Session, id: string, options: Remote): Promise<void> => {
  const { transfer } = await (await openGateway(session, options)).ask(OneTransferDocument, { id })
  if (transfer) printerFor(options.json, session.terminal).result(transfer, describeTransfer(transfer, session))
}

const act = async (
  session: Session,
  options: Acting,
  perform: (gateway: Gateway, clientKey: string) => Promise<{ readonly acted: TransferActedFragment }>,
): Promise<void> => {
  const { say, terminal } = session
  const gateway = await openGateway(session, options)
  const { transfer, repeated } = await actOnce(session, options.clientKey, (key) => perform(gateway, key))
  const before = repeated ? say(' (đã làm từ trước)', ' (was done before)') : ''
  printerFor(options.json, terminal).result(
    { repeated, transfer },
    say(`Đã làm${before}: lượt ${transfer.id} nay là "${transfer.stateLabel}".`, `Done${before}: ${transfer.id} is ${transfer.state} now.`),
  )
}
