import type { Command } from 'commander'
import type { Say } from '../language.js'
import { localInstant } from '../local-date.js'
import { type Column, linesOf, printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { openGateway } from './ask-gateway.js'
import { OneDossierDocument, type OneDossierQuery } from './generated/graphql.js'
import { transferColumns } from './show-transfer.js'

/** `lienthong dossier show <code>`: one dossier as the gateway knows it, with its transfers. */
export const declareDossier = (program: Command, session: Session): void => {
  const { say } = session
  const group = program.command('dossier').description(say('một hồ sơ, qua cổng', 'one dossier, through the gateway'))
  declareRemote(
    group,
    'show <code>',
    say('hồ sơ, diễn biến và các lượt liên thông', 'the dossier, its timeline and transfers'),
    session,
  ).action((code: string, options: Remote) => showDossier(session, code, options))
}

type Dossier = NonNullable<OneDossierQuery['dossier']>

const showDossier = async (session: Session, code: string, options: Remote): Promise<void> => {
  const { dossier } = await (await openGateway(session, options)).ask(OneDossierDocument, { code })
  if (dossier) printerFor(options.json, session.terminal).result(dossier, describeDossier(dossier, session))
}

/** In one line; `--json` has the steps. */
const describeDeadline = (
  { computed, because, agrees, differing, provisional, reservations }: NonNullable<Dossier['deadline']>,
  say: Session['say'],
): string => {
  if (!computed) return because ?? ''
  const sides = differing.length > 0 ? differing.join(', ') : say('cổng này', 'here')
  const verdict = agrees ? say('các bên khớp', 'all agree') : say(`khác: ${sides}`, `differs: ${sides}`)
  const told = [localInstant(computed), provisional ? say('tạm tính', 'provisional') : ''].filter(Boolean).join(', ')
  return [`${told} (${verdict})`, ...reservations].join('; ')
}

const hours = (seconds: number): string => (seconds / 3_600).toFixed(2)

const punctuality = ({ outcomeLabel, parties }: NonNullable<Dossier['timeLedger']>, say: Say): string => {
  const lost = parties.find(({ party }) => party === 'INTERLINK')?.workingSeconds ?? 0
  return `${outcomeLabel}; ${say(`chờ liên thông ${hours(lost)} giờ làm việc`, `waited ${hours(lost)} working hours on the interlink`)}`
}

const describeDossier = (dossier: Dossier, session: Session): string => {
  const { say, terminal } = session
  const { waitingFor } = dossier.interlink
  const facts: [string, string | null | undefined][] = [
    [say('Trích yếu', 'Summary'), dossier.summary],
    [say('Thủ tục', 'Procedure'), `${dossier.procedure.code} ${dossier.procedure.name}`],
    [say('Người nộp', 'Applicant'), dossier.applicant.fullName],
    [say('Tiếp nhận', 'Received'), `${localInstant(dossier.receivedAt)}, ${dossier.receivingUnit.name}`],
    [say('Trạng thái', 'Status'), `${dossier.statusCode} ${dossier.statusLabel}, ${localInstant(dossier.statusAt)}`],
    [say('Hẹn trả', 'Due'), localInstant(dossier.dueAt)],
    [say('Hạn tính lại', 'Due by the rules'), dossier.deadline && describeDeadline(dossier.deadline, say)],
    [say('Đúng hạn, trễ hạn', 'Punctuality'), dossier.timeLedger && punctuality(dossier.timeLedger, say)],
    [say('Đã trả', 'Returned'), dossier.returnedAt && localInstant(dossier.returnedAt)],
    [say('Liên thông', 'Interlink'), dossier.interlink.state],
    [say('Đang chờ', 'Waits for'), waitingFor && `${waitingFor.systemId}: ${waitingFor.reason} (${waitingFor.transfer.id})`],
    [
      say('Phiên bản đã nhận', 'Versions taken'),
      [...dossier.acknowledgements, { systemId: say('cổng này', 'here'), version: dossier.version }]
        .map(({ systemId, version }) => `${systemId} ${version}`)
        .join(', '),
    ],
    [say('Mã khác', 'Other codes'), dossier.externalIdentifiers.map(({ systemId, value }) => `${systemId} ${value}`).join(', ')],
  ]
  const timeline: Column<Dossier['timeline'][number]>[] = [
    { heading: say('lúc', 'at'), of: ({ eventAt }) => localInstant(eventAt) },
    { heading: say('từ', 'from'), of: ({ origin }) => origin },
    { heading: say('diễn biến', 'event'), of: ({ kind }) => kind },
    {
      heading: say('ghi chú', 'note'),
      of: ({ note, applied }) => (applied ? note : `${say('(không áp dụng) ', '(not applied) ')}${note ?? ''}`),
    },
  ]
  return [
    ...linesOf(
      facts.filter(([, value]) => value),
      [
        { heading: say('Hồ sơ', 'Dossier'), of: ([name]) => name },
        { heading: dossier.code, of: ([, value]) => value },
      ],
    ),
    '',
    ...linesOf(dossier.timeline, timeline, terminal.width),
    '',
    ...linesOf(dossier.transfers, transferColumns(say), terminal.width),
  ].join('\n')
}
