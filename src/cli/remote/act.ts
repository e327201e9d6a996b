import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { CommandFailed, EXIT } from '../exit-code.js'
import { localInstant } from '../local-date.js'
import { reason, reasonHelp } from '../option-values.js'
import type { Session } from '../session.js'
import { declareRemote, type Remote } from './access.js'

/** An act of the person whose token it is: why, and the key under which it is done once. */
export interface Acting extends Remote {
  readonly reason: string
  readonly clientKey?: string
}

export const declareAct = (parent: Command, usage: string, description: string, session: Session): Command => {
  const { say } = session
  return declareRemote(parent, usage, description, session)
    .requiredOption('--reason <reason>', reasonHelp(say), reason(say))
    .option(
      '--client-key <key>',
      say(
        'khóa chống làm hai lần; chỉ cần khi chạy lại một lệnh chưa rõ kết quả',
        'key under which it is done once; for a command whose outcome is not known',
      ),
    )
}

/** What a result union of acts can say beside what was done. */
interface NotDone {
  readonly __typename: 'ActRefused' | 'InputRefused' | 'AmendmentInvalid' | 'ClientKeyReused'
  readonly message: string
  readonly possibleFrom?: string | null
}

type Done<Acted> = Exclude<Acted, { readonly __typename: NotDone['__typename'] }>

const isNotDone = (acted: { readonly __typename: string }): acted is NotDone =>
  ['ActRefused', 'InputRefused', 'AmendmentInvalid', 'ClientKeyReused'].includes(acted.__typename)

/**
 * Does it under one key, however often it has to be sent, and tells how to go on when nobody knows whether it was done: `same` is what else has to
 * be the same then.
 */
export const actOnce = async <Acted extends { readonly __typename: string }>(
  { say }: Session,
  clientKey: string | undefined,
  perform: (key: string) => Promise<{ readonly acted: Acted }>,
  same = '',
): Promise<Done<Acted>> => {
  const key = clientKey ?? `cli-${randomUUID()}`
  const { acted } = await perform(key).catch((error: unknown) => {
    if (!(error instanceof CommandFailed) || error.exitCode !== EXIT.UNREACHABLE) throw error
    throw new CommandFailed(
      EXIT.UNREACHABLE,
      `${error.message}\n${say(
        `Chưa rõ đã làm hay chưa: chạy lại đúng lệnh này với --client-key ${key}${same}; đã làm rồi thì không làm hai lần.`,
        `Whether it was done is not known: run the same command with --client-key ${key}${same}; it is not done twice.`,
      )}`,
    )
  })
  if (!isNotDone(acted)) return acted as Done<Acted>
  const { message, possibleFrom } = acted
  const later = possibleFrom
    ? say(` Thực hiện được từ ${localInstant(possibleFrom)}.`, ` Possible from ${localInstant(possibleFrom)}.`)
    : ''
  throw new CommandFailed(EXIT.REFUSED, message + later)
}
