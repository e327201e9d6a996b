import type { Command } from 'commander'
import { localInstant } from '../local-date.js'
import { linesOf, printerFor } from '../printer.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'
import { openGateway } from './ask-gateway.js'
import { DeadlineOfDossierDocument, type DeadlineOfDossierQuery } from './generated/graphql.js'

/** `lienthong deadlines explain <code>`: how the due date of a dossier was worked out, step by step. */
export const declareExplain = (group: Command, session: Session): void => {
  declareRemote(
    group,
    'explain <code>',
    session.say('hạn trả của một hồ sơ, diễn giải từng bước, qua cổng', 'the due date of a dossier step by step, through the gateway'),
    session,
  ).action((code: string, options: Remote) => explain(session, code, options))
}

type Deadline = NonNullable<NonNullable<DeadlineOfDossierQuery['dossier']>['deadline']>

const explain = async (session: Session, code: string, options: Remote): Promise<void> => {
  const { dossier } = await (await openGateway(session, options)).ask(DeadlineOfDossierDocument, { code })
  if (dossier?.deadline)
    printerFor(options.json, session.terminal).result(dossier.deadline, describe(dossier.code, dossier.deadline, session))
}

const SIDES = (say: Session['say']): Record<Deadline['differing'][number], string> => ({
  ONE_STOP: say('Một cửa', 'One-stop'),
  VILIS: say('Đất đai', 'Land registry'),
  PORTAL: say('Cổng dịch vụ công', 'Portal'),
})

const verdictOf = ({ agrees, differing }: Deadline, say: Session['say']): string => {
  if (agrees == null) return ''
  if (agrees) return say('các bên khớp', 'all agree')
  const sides = differing.length > 0 ? differing.map((id) => SIDES(say)[id]).join(', ') : say('cổng này', 'here')
  return say(`khác: ${sides}`, `differs: ${sides}`)
}

const describe = (code: string, deadline: Deadline, { say }: Session): string => {
  const { inForce, computed, because, leftHours, hoursPerDay, provisional, reservations, unconfirmed, explanation } = deadline
  const { atOneStop, atRegistry, atPortal } = deadline
  const told = (one: { readonly dueAt: string } | null | undefined): string => (one ? localInstant(one.dueAt) : '')
  const left = leftHours?.toFixed(2)
  const facts: [string, string][] = [
    [say('Hạn đang dùng', 'Due date in force'), localInstant(inForce)],
    [
      say('Tính được', 'Computed'),
      computed
        ? [localInstant(computed), provisional ? say('tạm tính', 'provisional') : '', verdictOf(deadline, say)].filter(Boolean).join(', ')
        : (because ?? ''),
    ],
    [SIDES(say).ONE_STOP, told(atOneStop)],
    [SIDES(say).VILIS, told(atRegistry)],
    [SIDES(say).PORTAL, told(atPortal)],
    [say('Còn lại', 'Left'), left === undefined ? '' : say(`${left} giờ làm việc`, `${left} working hours`)],
    [say('Một ngày làm việc', 'A working day'), say(`${hoursPerDay} giờ`, `${hoursPerDay} hours`)],
    [say('Chưa chắc', 'Not sure'), reservations.join('; ')],
  ]
  const summary = linesOf(
    facts.filter(([, value]) => value),
    [
      { heading: say('Hồ sơ', 'Dossier'), of: ([name]) => name },
      { heading: code, of: ([, value]) => value },
    ],
  )
  const steps = linesOf(
    explanation.map((step, place) => ({ ...step, number: place + 1 })),
    [
      { heading: '#', of: ({ number }) => number },
      { heading: say('tính (giờ)', 'counted (h)'), of: ({ countedHours }) => countedHours.toFixed(2) },
      { heading: say('cộng dồn', 'total'), of: ({ totalHours }) => totalHours.toFixed(2) },
      // A sentence is what this is for: it is never cut.
      { heading: say('diễn giải', 'step'), of: ({ sentence }) => sentence },
    ],
  )
  const basis =
    unconfirmed.length > 0 ? ['', say('Căn cứ chưa xác nhận:', 'Not confirmed:'), ...unconfirmed.map((what) => `  ${what}`)] : []
  return [...summary, ...(explanation.length > 0 ? ['', ...steps] : []), ...basis].join('\n')
}
