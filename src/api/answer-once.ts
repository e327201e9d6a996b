import type { Caller } from '../access/caller.js'
import { inDoubt } from '../errors.js'
import { digestOf } from '../model/digest.js'
import type { LastAct } from '../model/transfer-acts.js'
import type { Remembered } from './dependencies.js'
import { ActRefused, ClientKeyReused } from './mutation-result.type.js'
import type { RequestContext } from './request-context.js'

/** What a client's key stands for: with another operation or another body it is refused. */
export interface AskedOnce {
  /** Name of the mutation. */
  readonly operation: string
  readonly clientKey: string
  readonly body: object
}

/** Who acts, as an act wants to be told. */
interface ActedBy {
  readonly actor: Caller
  readonly requestKey: string
}

interface Acted {
  readonly kind: string
}

interface Refusal {
  readonly kind: 'REFUSED'
  readonly reason: string
  readonly message: string
  readonly possibleFrom?: string
  readonly field?: string
  readonly by?: LastAct
  readonly successor?: string
}

type KeptRefusal = Readonly<Record<'reason' | 'message', string> & Record<'possibleFrom' | 'field' | 'by' | 'successor', string | null>>

interface ActOnce<Result extends Acted, Kept extends Remembered, Done> {
  perform(by: ActedBy): Promise<Result>
  /** Of what was done: identifiers that the answer cannot do without. Absent: none. */
  readonly keep?: (done: Exclude<Result, Refusal>) => Kept
  /** Reads what was done as it is now. */
  readonly answer: (repeated: boolean, kept: Kept) => Promise<Done>
}

interface ActWithRefusal<Result extends Acted, Kept extends Remembered, Done, Refused> extends ActOnce<Result, Kept, Done> {
  readonly refuse: (refusal: KeptRefusal) => Refused
}

const isRefusal = (result: Acted): result is Refusal => result.kind === 'REFUSED'

/** A refusal is kept as what was done is, with its reason null. */
const toKeep = <Result extends Acted>(result: Result, keep: ((done: Exclude<Result, Refusal>) => Remembered) | undefined): Remembered =>
  isRefusal(result)
    ? {
        reason: result.reason,
        message: result.message,
        possibleFrom: result.possibleFrom ?? null,
        field: result.field ?? null,
        by: result.by ? JSON.stringify(result.by) : null,
        successor: result.successor ?? null,
      }
    : { reason: null, message: null, ...keep?.(result as Exclude<Result, Refusal>) }

/** What was kept by an earlier version holds fewer of these. */
const refusalIn = ({
  reason,
  message,
  possibleFrom = null,
  field = null,
  by = null,
  successor = null,
}: Remembered): KeptRefusal | undefined => (reason && message ? { reason, message, possibleFrom, field, by, successor } : undefined)

const byIn = (kept: string): LastAct => {
  const by = JSON.parse(kept) as Omit<LastAct, 'at'> & { readonly at: string }
  return { ...by, at: new Date(by.at) }
}

/**
 * Làm một lần rồi trả lời: every mutation under a client's key answers in these steps, and whoever leaves one out lies to his caller. The act is done once for
 * the key; a refusal is kept as well as what was done; what was done is read anew, also for a repetition; and when that cannot be read the caller is told
 * that it may be done already (`inDoubt`), for it is.
 */
export const answerOnce = async <Result extends Acted, Kept extends Remembered, Done, Refused>(
  context: RequestContext,
  { operation, clientKey, body }: AskedOnce,
  act: ActWithRefusal<Result, Kept, Done, Refused>,
): Promise<Done | Refused | ClientKeyReused> => {
  const { caller, deps } = context
  const request = { caller: caller.subject, key: clientKey, digest: digestOf({ operation, ...body }) }
  const once = await deps.once(request, async () => toKeep(await act.perform({ actor: caller, requestKey: clientKey }), act.keep))
  if (once.kind === 'KEY_REUSED') return new ClientKeyReused()
  const refusal = refusalIn(once.answer)
  if (refusal) return act.refuse(refusal)
  context.renewLoaders()
  try {
    return await act.answer(once.repeated, once.answer as Kept)
  } catch (error) {
    throw inDoubt(error)
  }
}

/** Of an act that is refused by the state of what it acts upon: nearly all are. */
export const actOnce = <Result extends Acted, Kept extends Remembered, Done>(
  context: RequestContext,
  asked: AskedOnce,
  act: ActOnce<Result, Kept, Done>,
): Promise<Done | ActRefused | ClientKeyReused> =>
  answerOnce(context, asked, {
    ...act,
    refuse: ({ reason, message, possibleFrom, by, successor }) =>
      new ActRefused({
        reason,
        message,
        possibleFrom: possibleFrom === null ? null : new Date(possibleFrom),
        by: by === null ? null : byIn(by),
        successor,
      }),
  })
