import { Arg, Ctx, Query, Resolver } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { findLookedUp, readStuck } from '../dossier/citizen-look-up-repository.js'
import { GatewayError } from '../errors.js'
import { citizenViewOf } from '../model/citizen-view.js'
import { isDossierCode } from '../model/dossier-code.js'
import { describeStatus } from '../model/dossier-status.js'
import { CitizenDossier, type CitizenLookUpAnswer, CitizenLookUpResult, LookUpFailed, LookUpTooOften } from './citizen-look-up.type.js'
import { InputRefused } from './mutation-result.type.js'
import { networkOf } from './network-of.js'
import type { RequestContext } from './request-context.js'

const describeWait = (seconds: number): string => (seconds < 90 ? `${seconds} giây` : `${Math.ceil(seconds / 60)} phút`)

/** The code as it is printed, however it was typed; a code of another system stays as it is. */
const codeOf = (given: string): string => {
  const compact = given.normalize('NFC').replace(/\s+/g, '')
  return isDossierCode(compact.toUpperCase()) ? compact.toUpperCase() : compact
}

const LONGEST_CODE = 64
const WRONG_TOO_OFTEN = 'Mã hồ sơ này đã bị tra cứu sai quá nhiều lần.'

@Resolver()
export class CitizenLookUpResolver {
  /**
   * Each look-up is counted before anything is read, also those that come many in one request. One that finds its dossier is not counted against the code: who
   * knows the digits may look as often as the address allows.
   */
  @Query(() => CitizenLookUpResult, {
    description:
      'Tra cứu hồ sơ của người dân: by code and the last four digits of the applicant’s identity number. The only operation that needs no token; counted per address and per code',
  })
  async citizenLookUp(
    @Arg('code', () => String, { description: 'Mã hồ sơ, as on the receipt; upper and lower case are the same' }) given: string,
    @Arg('lastDigits', () => String, { description: 'Bốn số cuối của số định danh, hộ chiếu hoặc mã số thuế của người nộp' })
    lastDigits: string,
    @Ctx() context: RequestContext,
  ): Promise<CitizenLookUpAnswer> {
    requirePermission(context.caller, 'citizenLookUp')
    const { citizenLookUp: limits, db, metrics } = context.deps
    if (!limits) throw new GatewayError('FORBIDDEN', 'Nơi này không mở tra cứu hồ sơ cho người dân.', { reason: 'LOOK_UP_OFF' })
    const answered = (result: string, answer: CitizenLookUpAnswer): CitizenLookUpAnswer => {
      metrics.citizenLookUpsTotal.inc({ result })
      return answer
    }
    const tooOften = (seconds: number, what: string): CitizenLookUpAnswer => {
      context.refusedForSeconds.push(seconds)
      return answered(
        'too_often',
        new LookUpTooOften({ message: `${what} Xin thử lại sau ${describeWait(seconds)}.`, retryAfterSeconds: seconds }),
      )
    }
    // An application that has a token looks up for many people from one address.
    const busy = context.caller.role === 'VISITOR' ? await limits.perAddress.take(networkOf(context.address)) : null
    if (busy !== null) return tooOften(busy, 'Nơi đang truy cập đã tra cứu quá nhiều lần.')
    const code = codeOf(given)
    if (code === '' || code.length > LONGEST_CODE)
      return answered(
        'refused',
        new InputRefused({ reason: 'DOSSIER_CODE_INVALID', field: 'code', message: 'Xin nhập mã hồ sơ in trên giấy tiếp nhận.' }),
      )
    if (!/^[0-9]{4}$/.test(lastDigits))
      return answered(
        'refused',
        new InputRefused({ reason: 'LAST_DIGITS_INVALID', field: 'lastDigits', message: 'Xin nhập đúng bốn chữ số.' }),
      )
    const wrong = await limits.wrongPerCode.take(code)
    if (wrong !== null) return tooOften(wrong, WRONG_TOO_OFTEN)
    const found = await findLookedUp(db, code, lastDigits)
    // Of the dossier, by whatever code it is looked for; of a code that is none too, so that both take as long. Nobody can type the space in this key.
    const dossier = `hồ sơ ${found?.code ?? code}`
    const wrongOfAll = await limits.wrongPerCode.take(dossier)
    if (wrongOfAll !== null) return tooOften(wrongOfAll, WRONG_TOO_OFTEN)
    if (!found?.matches) return answered('failed', new LookUpFailed())
    await limits.wrongPerCode.giveBack(code)
    await limits.wrongPerCode.giveBack(dossier)
    const { id, now, taxNoticeKnown, matches: _, ...shown } = found
    const view = citizenViewOf({ ...shown, now, taxNoticeKnown, stuck: await readStuck(db, id) })
    return answered('found', new CitizenDossier({ ...shown, ...view, statusLabel: describeStatus(shown.status).vi, asOf: now }))
  }
}
