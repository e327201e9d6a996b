import { InvalidArgumentError, Option } from 'commander'
import { isLocalDate } from '../model/calendar-data.js'
import type { Say } from './language.js'

/** What may stand behind an option. What may not is refused before anything is done, with exit code 2. */
type Read<Value> = (text: string) => Value

export const localDay =
  (say: Say): Read<string> =>
  (text) => {
    if (isLocalDate(text)) return text
    throw new InvalidArgumentError(say('Cần một ngày có thật, dạng yyyy-MM-dd.', 'A day of the calendar is needed, as yyyy-MM-dd.'))
  }

export const instant =
  (say: Say): Read<string> =>
  (text) => {
    if (/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))) return text
    throw new InvalidArgumentError(
      say(
        'Cần một thời điểm có múi giờ, ví dụ 2026-11-22T01:00:00+07:00.',
        'An instant with its offset is needed, such as 2026-11-22T01:00:00+07:00.',
      ),
    )
  }

const LEAST = 5
const MOST = 500

/** For help: what is asked for, before somebody is refused. */
export const reasonHelp = (say: Say): string =>
  say(`lý do, ${LEAST} đến ${MOST} ký tự, ghi vào nhật ký`, `why, ${LEAST} to ${MOST} characters, kept in the audit`)

export const reason =
  (say: Say): Read<string> =>
  (text) => {
    const trimmed = text.trim()
    if (trimmed.length >= LEAST && trimmed.length <= MOST) return trimmed
    throw new InvalidArgumentError(say(`Cần lý do từ ${LEAST} đến ${MOST} ký tự.`, `A reason has ${LEAST} to ${MOST} characters.`))
  }

export const wholeNumber =
  (least: number, most: number, say: Say): Read<number> =>
  (text) => {
    const value = Number(text)
    if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(say(`Cần một số nguyên từ ${least} đến ${most}.`, `A whole number from ${least} to ${most} is needed.`))
  }

/** As `show` has told it. */
export const version =
  (most: number, say: Say): Read<number> =>
  (text) => {
    const value = Number(text)
    if (/^\d{1,10}$/.test(text) && value <= most) return value
    throw new InvalidArgumentError(say('Cần phiên bản như lệnh show đã in.', 'The version is needed as the command show has printed it.'))
  }

export const decimal =
  (least: number, most: number, say: Say): Read<number> =>
  (text) => {
    const value = Number(text)
    if (/^\d{1,9}(\.\d{1,9})?$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(say(`Cần một số từ ${least} đến ${most}.`, `A number from ${least} to ${most} is needed.`))
  }

const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Ids as every list prints them, given several times or once with commas between. */
export const identifiers =
  (say: Say) =>
  (text: string, before: string[] | undefined): string[] => {
    const ids = text.split(',').map((id) => id.trim())
    const stranger = ids.find((id) => !ID.test(id))
    if (stranger === undefined) return [...(before ?? []), ...ids]
    throw new InvalidArgumentError(say(`"${stranger}" không phải là mã (UUID).`, `"${stranger}" is no id (UUID).`))
  }

/** An option that may be given several times, or once with commas between: each value one of `choices`. */
export const someOf = <Value extends string>(flags: string, description: string, choices: readonly Value[], say: Say): Option => {
  const option = new Option(flags, description).choices(choices)
  return option.argParser((text: string, before: Value[] | undefined) => {
    const values = text.split(',').map((value) => value.trim()) as Value[]
    const stranger = values.find((value) => !choices.includes(value))
    if (stranger !== undefined)
      throw new InvalidArgumentError(
        say(`Không có "${stranger}"; có: ${choices.join(', ')}.`, `There is no "${stranger}"; there are: ${choices.join(', ')}.`),
      )
    return [...(before ?? []), ...values]
  })
}
