import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

/** What `npm run drill -- …` was asked for. */
export const SABOTAGES = ['fencing', 'inquiry', 'order', 'outbox'] as const
export type Sabotage = (typeof SABOTAGES)[number]

export interface DrillOptions {
  readonly seed: number
  /** 1: at least 2,000 dossiers in all; 0.1: a tenth of them. */
  readonly scale: number
  /** Names of the faults to run; empty: all. */
  readonly only: readonly string[]
  /** Guards to break, one after the other; empty: none. */
  readonly sabotages: readonly Sabotage[]
  readonly list: boolean
}

/** What was asked for makes no sense; the message is one sentence for the terminal. */
export class OptionError extends Error {}

const MAX_SEED = 2 ** 31

const numberOf = (name: string, text: string | undefined, otherwise: number, isGood: (value: number) => boolean): number => {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (text.trim() === '' || !isGood(value)) throw new OptionError(`--${name} không nhận giá trị "${text}".`)
  return value
}

/** Throws an OptionError with one sentence for an unknown option, fault or guard. */
export const readOptions = (given: readonly string[], known: readonly string[]): DrillOptions => {
  const { values } = parsed(given)
  const only = listed(values.only)
  const stranger = only.find((name) => !known.includes(name))
  if (stranger !== undefined) throw new OptionError(`Không có lỗi giả lập nào tên "${stranger}". Xem danh sách: npm run drill -- --list.`)
  const guards = [...new Set(listed(values.sabotage))]
  const noGuard = guards.find((name) => !isSabotage(name))
  if (noGuard !== undefined) throw new OptionError(`--sabotage nhận một trong: ${SABOTAGES.join(', ')}; không phải "${noGuard}".`)
  return {
    seed: numberOf('seed', values.seed, randomInt(1, MAX_SEED), (seed) => Number.isInteger(seed) && seed >= 0 && seed < MAX_SEED),
    scale: numberOf('scale', values.scale, 1, (scale) => scale > 0 && scale <= 10),
    only,
    sabotages: guards.filter(isSabotage),
    list: values.list ?? false,
  }
}

const isSabotage = (name: string): name is Sabotage => SABOTAGES.some((one) => one === name)

/** Named one by one, or several at once with commas between them. */
const listed = (given: readonly string[] = []): string[] => given.flatMap((names) => names.split(','))

const parsed = (given: readonly string[]) => {
  try {
    return parseArgs({
      args: [...given],
      options: {
        seed: { type: 'string' },
        scale: { type: 'string' },
        only: { type: 'string', multiple: true },
        sabotage: { type: 'string', multiple: true },
        list: { type: 'boolean' },
      },
    })
  } catch (error) {
    const option = /'([^']*)'/.exec((error as Error).message)?.[1] ?? ''
    throw new OptionError(`Không hiểu tham số "${option}". Dùng được: --seed N, --scale N, --only <tên>, --sabotage <chốt>, --list.`)
  }
}
