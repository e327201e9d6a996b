import { type HeldRow, sha256 } from './held-row.js'

/**
 * Hồ sơ các năm trước: so many finished dossiers of made-up people over the working days of some years, each made from the seed and its place when somebody
 * asks for it, so that 549,286 of them take no memory. The same seed gives the same rows in every process: one who holds the other side's copy draws it
 * from here as well.
 */
export interface HistoryOptions {
  readonly count: number
  readonly seed: number
  /** Local dates `yyyy-MM-dd` of the first and last reception. */
  readonly from?: string
  readonly to?: string
}

const DAY_MS = 86_400_000
/** Working days behind the last reception, for the due dates. */
const FURTHEST_DUE_MS = 35 * DAY_MS

const UNTIL_2025 = Array.from({ length: 19 }, (_, index) => String(28594 + 3 * index))
const SINCE_2025 = ['28594', '28603', '28615', '28627', '28633', '28648']

const SURNAMES = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Huỳnh', 'Võ', 'Đặng', 'Bùi']
const GIVEN_NAMES = ['Văn Thử', 'Thị Mẫu', 'Văn Ví Dụ', 'Thị Kiểm', 'Minh Giả', 'Thị Định', 'Hữu Nghiệm', 'Ngọc Lệ']
const PAPERS = ['Đơn đăng ký', 'Giấy chứng nhận', 'Hợp đồng']
const ITEMS = ['Lệ phí trước bạ', 'Thuế thu nhập cá nhân']

/** The whole content of a paper of the past, as a text file. */
export const paperText = (name: string, code: string): string => `${name} - ${code}`

export class History {
  readonly count: number
  private readonly seed: number
  private readonly workingDays: readonly string[]
  private readonly receptionDays: number
  private readonly placeOfDay: ReadonlyMap<string, number>

  constructor({ count, seed, from = '2011-01-01', to = '2020-12-31' }: HistoryOptions) {
    const receptions = workingDaysOf(Date.parse(from), Date.parse(to))
    this.workingDays = workingDaysOf(Date.parse(from), Date.parse(to) + FURTHEST_DUE_MS)
    this.receptionDays = receptions.length
    if (!(Number.isSafeInteger(count) && count >= 0) || receptions.length === 0)
      throw new Error('a history wants a whole number of dossiers, and a working day for them')
    this.count = count
    this.seed = seed
    this.placeOfDay = new Map(receptions.map((day, place) => [day, place]))
  }

  /** Those of a range that hold any row, ascending. */
  days(from: string, to: string): string[] {
    return [...this.placeOfDay].flatMap(([day, place]) =>
      day >= from && day <= to && this.firstOf(place) < this.firstOf(place + 1) ? [day] : [],
    )
  }

  ofDay(day: string): HeldRow[] {
    const place = this.placeOfDay.get(day)
    if (place === undefined) return []
    const rows: HeldRow[] = []
    for (let index = this.firstOf(place); index < this.firstOf(place + 1); index += 1) rows.push(this.rowOf(index, place))
    return rows
  }

  row(index: number): HeldRow {
    if (!(index >= 0 && index < this.count)) throw new RangeError(`the history has ${this.count} dossiers`)
    let place = Math.floor((index * this.receptionDays) / this.count)
    while (this.firstOf(place + 1) <= index) place += 1
    while (this.firstOf(place) > index) place -= 1
    return this.rowOf(index, place)
  }

  ofCode(code: string): HeldRow | undefined {
    const [, year, month, date, serial = ''] = /^H58\.22-(\d{2})(\d{2})(\d{2})-(\d{4,})$/.exec(code) ?? []
    const place = this.placeOfDay.get(`20${year}-${month}-${date}`)
    if (place === undefined) return undefined
    const index = this.firstOf(place) + Number(serial) - 1
    const row = index >= this.firstOf(place) && index < this.firstOf(place + 1) ? this.rowOf(index, place) : undefined
    return row?.code === code ? row : undefined
  }

  private firstOf(place: number): number {
    return Math.ceil((place * this.count) / this.receptionDays)
  }

  private rowOf(index: number, place: number): HeldRow {
    const day = this.workingDays[place] as string
    const draw = drawsOf(this.seed, index)
    const communes = day < '2025-07-01' ? UNTIL_2025 : SINCE_2025
    // Between 07:30 and 16:30 at +07:00, which is the same day in UTC; due at 16:30 of a working day one to four weeks later.
    const receivedAt = `${day}T${timeOf(1_800 + (draw() % 32_400))}.000Z`
    const dueAt = `${this.workingDays[place + 5 + (draw() % 15)]}T09:30:00.000Z`
    const lot = draw() % 100
    const hasTax = draw() % 2 === 0
    const code = `H58.22-${day.slice(2, 4)}${day.slice(5, 7)}${day.slice(8)}-${String(index - this.firstOf(place) + 1).padStart(4, '0')}`
    return {
      code,
      commune: communes[draw() % communes.length] as string,
      receivedAt,
      dueAt,
      status: lot < 94 ? 10 : lot < 96 ? 9 : lot < 98 ? 7 : 8,
      applicant: {
        name: `${SURNAMES[draw() % SURNAMES.length]} ${GIVEN_NAMES[draw() % GIVEN_NAMES.length]}`,
        idNumber: `082${String(draw() % 1_000_000_000).padStart(9, '0')}`,
      },
      parcels: [{ sheet: String(1 + (draw() % 60)), number: String(1 + (draw() % 900)) }],
      documents: PAPERS.slice(0, 1 + (draw() % PAPERS.length)).map((name) => ({ name, hash: sha256(paperText(name, code)) })),
      notices: hasTax
        ? ITEMS.map((kind, at) => ({
            number: `TB-${day.slice(0, 4)}-${index}`,
            kind,
            amount: String((draw() % 9_000_000) + 1_000 * (at + 1)),
          }))
        : [],
      changedAt: dueAt,
    }
  }
}

function workingDaysOf(fromMs: number, toMs: number): string[] {
  const days: string[] = []
  for (let at = fromMs; at <= toMs; at += DAY_MS) {
    const weekday = new Date(at).getUTCDay()
    if (weekday !== 0 && weekday !== 6) days.push(new Date(at).toISOString().slice(0, 10))
  }
  return days
}

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))

/** `HH:mm:ss` of so many seconds behind midnight. */
const timeOf = (seconds: number): string =>
  `${twoDigits[Math.floor(seconds / 3_600)]}:${twoDigits[Math.floor(seconds / 60) % 60]}:${twoDigits[seconds % 60]}`

/** Whole numbers below 2^32 that depend on the seed and the place alone (a counter, well mixed). */
function drawsOf(seed: number, index: number): () => number {
  let counter = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0
  return () => {
    counter = (counter + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(counter ^ (counter >>> 15), counter | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
