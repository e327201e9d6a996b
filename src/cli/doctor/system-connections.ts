import type { Say } from '../language.js'
import { type Finding, fail, ok, warn } from './finding.js'

/** What a look at an address showed, here or from where the gateway runs. */
export interface Look {
  readonly reached: boolean
  readonly problem?: string | null
  readonly elapsedMs: number
  readonly httpStatus?: number | null
  readonly clockAheadMs?: number | null
  readonly certificateEndsAt?: Date | string | null
}

const DAY_MS = 86_400_000
const CERTIFICATE_DAYS = { warn: 30, fail: 7 } as const
/** What is told of a moment further ahead than five minutes is quarantined (`inbox.clockToleranceMs`). */
const CLOCK_MS = { warn: 30_000, fail: 300_000 } as const

const certificateFinding = (name: string, endsAt: Date, say: Say): Finding => {
  const days = Math.floor((endsAt.getTime() - Date.now()) / DAY_MS)
  const check = say(`chứng thư ${name}`, `certificate of ${name}`)
  const says = say(`còn ${days} ngày`, `${days} days left`)
  const todo = say('nhắc bên đó gia hạn chứng thư.', 'remind them to renew it.')
  if (days < CERTIFICATE_DAYS.fail) return fail(check, says, todo)
  return days < CERTIFICATE_DAYS.warn ? warn(check, says, todo) : ok(check, says)
}

const clockFinding = (name: string, aheadMs: number, say: Say): Finding => {
  const check = say(`đồng hồ ${name}`, `clock of ${name}`)
  const seconds = Math.round(aheadMs / 1_000)
  const says = say(`lệch ${seconds} giây`, `${seconds} s ahead`)
  const todo = say('chỉnh giờ hai bên theo cùng một máy chủ NTP.', 'set both clocks by NTP.')
  if (Math.abs(aheadMs) >= CLOCK_MS.fail) return fail(check, says, todo)
  return Math.abs(aheadMs) >= CLOCK_MS.warn ? warn(check, says, todo) : ok(check, says)
}

/** Whether an address answers, how far its clock is off, and how long its certificate lasts. */
export const lookFindings = (name: string, look: Look, say: Say): Finding[] => {
  const check = say(`đường nối ${name}`, `connection to ${name}`)
  if (!look.reached)
    return [
      fail(
        check,
        say(`không trả lời (${look.problem})`, `does not answer (${look.problem})`),
        say(
          'xem địa chỉ trong cấu hình, tường lửa và hệ thống bên đó.',
          'look at the address in the configuration, the firewall and their system.',
        ),
      ),
    ]
  const answered = ok(
    check,
    say(`trả lời sau ${look.elapsedMs} ms (HTTP ${look.httpStatus})`, `answers in ${look.elapsedMs} ms (HTTP ${look.httpStatus})`),
  )
  return [
    answered,
    ...(typeof look.clockAheadMs === 'number' ? [clockFinding(name, look.clockAheadMs, say)] : []),
    ...(look.certificateEndsAt ? [certificateFinding(name, new Date(look.certificateEndsAt), say)] : []),
  ]
}

/** A WSDL that they do not hand out is no fault: ours or the site's own is used. */
export const wsdlFinding = (name: string, servesWsdl: boolean, say: Say): Finding => {
  const check = `WSDL ${name}`
  if (servesWsdl) return ok(check, say('có ở ?wsdl', 'is at ?wsdl'))
  return warn(
    check,
    say('không có ở ?wsdl', 'is not at ?wsdl'),
    say('so tệp WSDL đang dùng (wsdlPath) với bản mà bên đó công bố.', 'compare the WSDL in use (wsdlPath) with what they publish.'),
  )
}
