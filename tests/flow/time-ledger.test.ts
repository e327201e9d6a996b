import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { extractText, getDocumentProxy } from 'unpdf'
import { ledgerRulesOf, openLedger } from '../../src/ledger.js'
import { describeInstant, localDateOf } from '../../src/model/working-calendar.js'
import { keepLedger } from '../../src/reporting/keep-ledger.js'
import type { DriftSource } from '../../src/reporting/ledger-facts-repository.js'
import { HOUR_MS } from '../support/dossier-journey.js'
import { NO_DRIFT } from '../support/no-drift.js'
import { APPLICANT, type Outage, sufferOutage } from '../support/outage-over-due-date.js'

/** After a real outage a dossier is finished some hours after its due date. The ledger says exactly that, in GraphQL, in the month's report, in the files and on the letter of apology. */
let system: Outage['system']
let calendar: Outage['calendar']
let code: string
let day: string
let downAt: Date
let deliveredAt: Date
let on: Outage['on']
let comeTo: Outage['comeTo']
beforeAll(async () => {
  ;({ system, calendar, code, day, downAt, deliveredAt, on, comeTo } = await sufferOutage())
})
afterAll(() => system.close())

const LEDGER = `query ($code: String!) { dossier(code: $code) { timeLedger {
  outcome closedAt lateSeconds savedSeconds parties { party workingSeconds calendarSeconds }
  systems { systemId waitedWorkingSeconds waitedCalendarSeconds besideWorkingSeconds savedSeconds isWaiting }
  waits { kind systemId operation holds side from to } steps { number name party from to workingSeconds limitSeconds isWithin }
  whole { workingSeconds limitSeconds isWithin } }
  apologyProposal { reason newDueAt refusedBecause } apologyLetters { id number reason newDueAt pdfPath } } }`

// biome-ignore lint/suspicious/noExplicitAny: the answer has the shape of the query above
const dossier = async (role: 'officer' | 'operator' | 'admin' | 'citizen-app' = 'officer'): Promise<any> =>
  (await system.gateway.query<{ dossier: unknown }>(role, LEDGER, { code })).dossier
const ISSUE = `mutation ($input: IssueApologyLetterInput!) { issueApologyLetter(input: $input) { __typename
  ... on ApologyLetterIssued { repeated letter { id number reason newDueAt dueAt issuedBy pdfPath } } ... on ActRefused { reason message } } }`
const issue = async (input: object): Promise<Record<string, unknown>> =>
  (await system.gateway.query<{ issueApologyLetter: Record<string, unknown> }>('officer', ISSUE, { input: { code, ...input } }))
    .issueApologyLetter
const minute = (at: Date): string => describeInstant(at).replace(/:\d\d ngày/, ' ngày')
const seconds = (from: Date, to: Date): number => Math.round((+to - +from) / 1_000)
const instantOf = (text: string): number => new Date(text).getTime()

test('one wait on ViLIS, from the first failed attempt to the delivery, and nothing else', async () => {
  const { timeLedger } = await dossier()
  const held = timeLedger.waits.filter(({ holds }: { holds: boolean }) => holds)
  expect(held).toMatchObject([{ kind: 'SENDING', systemId: 'VILIS', operation: 'RECEIVE', side: 'THEIRS' }])
  expect(instantOf(held[0].from)).toBe(+downAt)
  expect(instantOf(held[0].to)).toBe(+deliveredAt)
  const [vilis] = timeLedger.systems
  const workingMs = calendar.workingMsBetween(downAt, deliveredAt)
  expect(vilis).toEqual({
    systemId: 'VILIS',
    waitedWorkingSeconds: Math.round(workingMs / 1_000),
    waitedCalendarSeconds: seconds(downAt, deliveredAt),
    besideWorkingSeconds: 0,
    // Once a working day somebody would have looked through what failed: the second look would have sent it.
    savedSeconds: Math.round((16 * HOUR_MS - workingMs) / 1_000),
    isWaiting: false,
  })
  // From 09:00 of one day to after 10:00 of the next: a whole day of the office and some more.
  expect(workingMs).toBeGreaterThan(8 * HOUR_MS)
  expect(timeLedger).toMatchObject({ outcome: 'OPEN', closedAt: null, lateSeconds: 0 })
  expect(timeLedger.steps.map(({ party }: { party: string }) => party)).toEqual(['DESK', 'INTERLINK', 'REGISTRY'])
  expect(timeLedger.whole).toMatchObject({ limitSeconds: 7 * 8 * 3_600, isWithin: null })
})

describe('the letter of apology', () => {
  let letter: { id: string; number: string; reason: string; newDueAt: string; pdfPath: string }

  test.each<[string, () => Date, string]>([
    ['that has passed', () => on(0, '10:00'), 'DATE_PASSED'],
    ['that is not later than the first one', () => on(1, '15:00'), 'DATE_NOT_LATER'],
    ['more than a year away', () => on(400, '15:00'), 'DATE_TOO_FAR'],
    ['at which nobody is at the office yet', () => on(3, '03:00'), 'OFFICE_CLOSED'],
    ['on which the office is closed', () => new Date(`${nextSunday()}T09:00:00+07:00`), 'OFFICE_CLOSED'],
  ])('is refused with a new date %s', async (what, newDueAt, reason) => {
    expect(await issue({ clientKey: `xin-loi ${what}`, newDueAt: newDueAt().toISOString() })).toMatchObject({
      __typename: 'ActRefused',
      reason,
    })
  })
  const nextSunday = (): string => {
    for (let offset = 2; ; offset += 1) if (on(offset, '12:00').getUTCDay() === 0) return localDateOf(on(offset, '12:00'))
  }

  test('says in words from when to when and by whose fault, gives the lost time back, and is written once for one key', async () => {
    await comeTo(on(1, '16:30'))
    const { apologyProposal, timeLedger } = await dossier()
    expect(timeLedger.outcome).toBe('LATE_BY_INTERLINK')
    expect(apologyProposal.refusedBecause).toBeNull()
    expect(apologyProposal.reason).toContain(
      `chưa chuyển được sang ViLIS từ ${minute(downAt)} đến ${minute(deliveredAt)} (nguyên nhân: phía ViLIS)`,
    )
    const issued = await issue({ clientKey: 'xin-loi-0001' })
    expect(issued).toMatchObject({
      __typename: 'ApologyLetterIssued',
      repeated: false,
      letter: {
        number: `01/${day.slice(0, 4)}/PXL`,
        reason: apologyProposal.reason,
        newDueAt: apologyProposal.newDueAt,
        issuedBy: 'Người thử officer',
      },
    })
    letter = issued.letter as typeof letter
    expect(await issue({ clientKey: 'xin-loi-0001' })).toMatchObject({ repeated: true, letter: { id: letter.id } })
    expect((await dossier()).apologyLetters).toMatchObject([{ id: letter.id }])
    // The lost time from now on, to the close of that day.
    const at = new Date(letter.newDueAt)
    expect(calendar.isWorkingDay(localDateOf(at))).toBe(true)
    expect(calendar.workingMsBetween(on(1, '16:30'), at)).toBeGreaterThanOrEqual(calendar.workingMsBetween(downAt, deliveredAt))
  })

  test('is a PDF with every Vietnamese letter in it, printed as often as one likes, and each time audited', async () => {
    for (let time = 0; time < 2; time += 1) {
      const { status, type, bytes } = await system.gateway.get('officer', letter.pdfPath)
      expect([status, type]).toEqual([200, 'application/pdf'])
      const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true })
      const words = text.normalize('NFC').replaceAll(/\s+/g, ' ')
      for (const expected of [
        'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
        'Độc lập - Tự do - Hạnh phúc',
        'PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ',
        `Kính gửi: ${APPLICANT}`,
        `Mã số hồ sơ: ${code}`,
        'Ủy ban nhân dân xã Chợ Gạo',
        `Số: ${letter.number}`,
        letter.reason,
      ])
        expect(words).toContain(expected)
    }
    const audit = await system.context.db.query<{ act: string; actor: string }>(
      `SELECT act, actor FROM audit_entry WHERE act LIKE '%APOLOGY%' ORDER BY at`,
    )
    expect(audit).toEqual([
      { act: 'ISSUE_APOLOGY_LETTER', actor: 'officer' },
      { act: 'PRINT_APOLOGY_LETTER', actor: 'officer' },
      { act: 'PRINT_APOLOGY_LETTER', actor: 'officer' },
    ])
  })

  test('is for those alone who may see whom it names', async () => {
    expect((await system.gateway.get('operator', letter.pdfPath)).status).toBe(403)
    expect((await system.gateway.get('officer', '/export/apology-letter/0198b1a0-0000-7000-8000-000000000000.pdf')).status).toBe(404)
    expect(await dossier('operator')).toMatchObject({
      apologyLetters: null,
      apologyProposal: null,
      timeLedger: { outcome: 'LATE_BY_INTERLINK' },
    })
    expect(await dossier('citizen-app')).toEqual({ apologyLetters: null, apologyProposal: null, timeLedger: null })
    expect((await system.gateway.ask('operator', ISSUE, { input: { code, clientKey: 'khong-duoc-phep' } })).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ])
  })

  test('is never changed', async () => {
    await expect(system.context.db.query(`UPDATE apology_letter SET reason = 'khác'`)).rejects.toThrow('never changed')
  })
})

describe('finished the next morning, three hours of the office after the due date', () => {
  const REPORT = `query ($filter: MonthReportFilterInput!, $by: ReportDimension!) { monthReport(filter: $filter, by: $by) { isWhole asOf
    total { dossiers onTime late lateByInterlink open left interlinkHours savedHours }
    rows { month communeCode communeName procedureCode systemId dossiers lateByInterlink interlinkHours savedHours } } }`
  const month = (): string => localDateOf(on(1, '16:00')).slice(0, 7)
  // biome-ignore lint/suspicious/noExplicitAny: the answer has the shape of the query above
  const report = async (by: string, filter: object = {}, role: 'officer' | 'operator' = 'officer'): Promise<any> =>
    (await system.gateway.query<{ monthReport: unknown }>(role, REPORT, { by, filter: { from: month(), to: month(), ...filter } }))
      .monthReport
  const hoursLost = (): number => Math.round((calendar.workingMsBetween(downAt, deliveredAt) / HOUR_MS) * 100) / 100

  beforeAll(async () => {
    const { keep } = openLedger(system.context)
    await keep()
    await comeTo(on(2, '09:00'))
    await system.twins.VILIS.act('forward', { code })
    await system.twins.VILIS.act('finish', { code, ending: 0 })
    await system.drain()
    await keep()
  })

  test('it is late because of the interlink, by three hours', async () => {
    const { timeLedger, apologyProposal } = await dossier()
    expect(timeLedger).toMatchObject({ outcome: 'LATE_BY_INTERLINK' })
    expect(timeLedger.lateSeconds).toBeGreaterThanOrEqual(3 * 3_600)
    expect(timeLedger.lateSeconds).toBeLessThan(3.2 * 3_600)
    expect(apologyProposal.refusedBecause).toBeNull()
    const whole = timeLedger.parties.reduce((sum: number, { calendarSeconds }: { calendarSeconds: number }) => sum + calendarSeconds, 0)
    expect(Math.abs(whole - seconds(on(0, '08:30'), new Date(timeLedger.closedAt)))).toBeLessThanOrEqual(3)
  })

  test.each(['MONTH', 'COMMUNE', 'PROCEDURE', 'SYSTEM'])('the report by %s counts it, from the kept ledger', async (by) => {
    const { total, rows, isWhole, asOf } = await report(by)
    expect([isWhole, typeof asOf]).toEqual([true, 'string'])
    expect(total).toMatchObject({ dossiers: 1, onTime: 0, late: 0, lateByInterlink: 1, open: 0, left: 0, interlinkHours: hoursLost() })
    expect(total.savedHours).toBeCloseTo(16 - hoursLost(), 1)
    expect(rows).toMatchObject([
      {
        dossiers: 1,
        lateByInterlink: 1,
        interlinkHours: hoursLost(),
        month: by === 'MONTH' ? month() : null,
        communeCode: by === 'COMMUNE' ? '28594' : null,
        procedureCode: by === 'PROCEDURE' ? '1.012783' : null,
        systemId: by === 'SYSTEM' ? 'VILIS' : null,
      },
    ])
  })

  test('the report obeys its filter and the communes of who asks', async () => {
    // The next morning may be one of the next month.
    const to = localDateOf(on(2, '09:00')).slice(0, 7)
    expect((await report('MONTH', { basis: 'FINISHED', to })).total).toMatchObject({ dossiers: 1, lateByInterlink: 1 })
    expect((await report('MONTH', { systemId: 'VILIS', communes: ['28594'], procedures: ['1.012783'] })).total.dossiers).toBe(1)
    expect((await report('MONTH', { systemId: 'PORTAL' })).total.dossiers).toBe(0)
    expect((await report('MONTH', { communes: ['28603'] })).rows).toEqual([])
    expect((await report('MONTH', { from: '2020-01', to: '2020-12' })).total.dossiers).toBe(0)
    const { errors } = await system.gateway.ask('officer', REPORT, { by: 'MONTH', filter: { from: '2026-05', to: '2026-04' } })
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', reason: 'MONTHS_INVALID' } }])
    const unknown = await system.gateway.ask('officer', REPORT, {
      by: 'MONTH',
      filter: { from: month(), to: month(), communes: ['99999'] },
    })
    expect(unknown.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', reason: 'COMMUNE_UNKNOWN', field: 'filter.communes' } }])
    await system.context.db.query(
      `UPDATE dossier_ledger SET unit_id = (SELECT id FROM administrative_unit WHERE code = '28603' AND valid_to IS NULL) RETURNING 1 AS done`,
    )
    expect((await report('MONTH')).total.dossiers).toBe(0)
    expect((await report('MONTH', {}, 'operator')).total.dossiers).toBe(1)
  })

  test('rules that were changed let every account be worked out again, by one of the workers that come at once', async () => {
    await system.context.db.query(`UPDATE ledger_mark SET rules = 'khác' RETURNING 1 AS done`)
    const { keep } = openLedger(system.context)
    const kept = await Promise.all([keep(), keep(), keep()])
    expect(kept.filter((count) => count > 0)).toEqual([1])
    expect(await keep()).toBe(0)
    expect((await report('MONTH')).total.dossiers).toBe(1)
  })

  test('what reconciliation finds joins it by the function that is handed in', async () => {
    const { db, options } = system.context
    const [{ id } = { id: '' }] = await db.query<{ id: string }>('SELECT id::text FROM dossier WHERE code = $1', [code])
    // A run has found thousands at once: they are worked out some at a time, in memory and in a transaction that are bounded.
    const strangers = Array.from({ length: 5_000 }, () => randomUUID())
    const readAtOnce: number[] = []
    const drift: DriftSource = {
      changedSince: async () => [...strangers, id],
      waitsOf: async (ids) => {
        readAtOnce.push(ids.length)
        return new Map([
          [
            id,
            [
              {
                kind: 'DRIFT',
                systemId: 'PORTAL',
                operation: null,
                transferId: null,
                from: on(1, '14:00'),
                to: on(1, '15:30'),
                holds: true,
                side: 'THEIRS',
                endedBy: 'MACHINE',
              },
            ],
          ],
        ])
      },
    }
    await keepLedger({ db, rules: ledgerRulesOf(options.configuration, db), drift })
    expect(Math.max(...readAtOnce)).toBeLessThan(1_000)
    expect(readAtOnce.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(5_000)
    const { rows } = await report('SYSTEM')
    expect(
      rows.map(({ systemId, interlinkHours, lateByInterlink }: Record<string, unknown>) => [systemId, interlinkHours, lateByInterlink]),
    ).toEqual([
      ['PORTAL', 1.5, 0],
      ['VILIS', hoursLost(), 1],
    ])
    // As it was, for what follows.
    await keepLedger({ db, rules: ledgerRulesOf(options.configuration, db), drift: { ...NO_DRIFT, changedSince: drift.changedSince } })
    expect((await report('SYSTEM')).rows).toHaveLength(1)
  })

  const linesOf = (bytes: Buffer): string[] => bytes.subarray(3).toString().trimEnd().split('\r\n')

  test('the report is a file, a line for each month, commune and procedure, or for each system', async () => {
    const { status, type, bytes } = await system.gateway.get('operator', `/export/month-report.csv?from=${month()}&to=${month()}`)
    expect([status, type, [...bytes.subarray(0, 3)]]).toEqual([200, 'text/csv; charset=utf-8', [0xef, 0xbb, 0xbf]])
    const lines = linesOf(bytes)
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^Tháng,Mã xã,Xã,Mã thủ tục,Thủ tục,Hệ thống,Số hồ sơ,Đúng hạn,/)
    expect(lines[1]).toMatch(new RegExp(`^${month()},28594,Xã Chợ Gạo,1\\.012783,"[^"]+",,1,0,0,1,0,0,`))
    const bySystem = await system.gateway.get('operator', `/export/month-report.csv?from=${month()}&to=${month()}&by=SYSTEM`)
    expect(linesOf(bySystem.bytes)[1]).toContain('Phần mềm đất đai ViLIS,1,0,0,1,0,0,')
    for (const [by, line] of [
      ['MONTH', `${month()},,,,,,1,0,0,1,0,0,`],
      ['COMMUNE', ',28594,Xã Chợ Gạo,,,,1,0,0,1,0,0,'],
      ['PROCEDURE', ',,,1.012783,"'],
    ] as const) {
      const file = await system.gateway.get('operator', `/export/month-report.csv?from=${month()}&to=${month()}&by=${by}`)
      expect(linesOf(file.bytes)[1]?.startsWith(line)).toBe(true)
      expect(linesOf(file.bytes)).toHaveLength(2)
    }
    const unknown = await system.gateway.get('operator', `/export/month-report.csv?from=${month()}&by=YEAR`)
    expect([unknown.status, String(unknown.bytes)]).toEqual([400, expect.stringContaining('MONTH, COMMUNE, PROCEDURE, SYSTEM')])
    expect((await system.gateway.get('operator', '/export/month-report.csv?form=2026-01')).status).toBe(400)
    for (const name of ['month-report', 'process-record']) {
      const nobody = await system.gateway.get('operator', `/export/${name}.csv?from=${month()}&to=${month()}&commune=99999`)
      expect([nobody.status, String(nobody.bytes)]).toEqual([400, expect.stringContaining('COMMUNE_UNKNOWN')])
    }
    // What a text bears behind a semicolon begins a cell where a spreadsheet splits by it.
    const rename = (name: string) =>
      system.context.db.query(`UPDATE procedure SET name = ${name} WHERE code = '1.012783' RETURNING 1 AS done`)
    await rename(`name || '; =1+1'`)
    const { bytes: marked } = await system.gateway.get('operator', `/export/month-report.csv?from=${month()}&to=${month()}`)
    expect(linesOf(marked)[1]).toContain(`; '=1+1",,1,0,0,1,0,0,`)
    await rename(`replace(name, '; =1+1', '')`)
  })

  test('the process record has every step with who, from when to when, how long, and whether within its limit', async () => {
    const { status, bytes } = await system.gateway.get('officer', `/export/process-record.csv?from=${month()}&procedure=1.012783`)
    expect(status).toBe(200)
    const lines = linesOf(bytes)
    expect(lines[0]).toBe(
      'Mã hồ sơ,Mã thủ tục,Bước,Nội dung công việc,Trách nhiệm,Cán bộ,Bắt đầu,Kết thúc,Thời gian làm việc (giờ),Thời hạn (giờ),Kết quả',
    )
    expect(lines[1]).toContain(`${code},1.012783,1,"Tiếp nhận, chuyển hồ sơ",Bộ phận một cửa,,${localDateOf(on(0, '08:30'))}T08:30:00`)
    expect(lines[2]).toContain(`,2,Chờ ViLIS: tiếp nhận hồ sơ,Liên thông giữa các hệ thống,,`)
    expect(lines.at(-1)).toMatch(/,"Toàn bộ, không kể thời gian của người nộp và cơ quan thuế",Cơ quan giải quyết,,.*,56,Trong hạn$/)
    const otherwise = (query: string) => system.gateway.get('officer', `/export/process-record.csv?${query}`)
    expect(linesOf((await otherwise(`from=${month()}&commune=28594`)).bytes)).toEqual(lines)
    expect(linesOf((await otherwise(`from=${month()}&commune=28603`)).bytes)).toHaveLength(1)
    expect((await otherwise(`from=${month()}&systemId=VILIS`)).status).toBe(400)
    expect((await otherwise('from=2020-01&to=2026-12')).status).toBe(400)
    // A system whose clock runs ahead of ours has received it in what is our future.
    const receive = (at: string) =>
      system.context.db.query(`UPDATE dossier SET received_at = ${at} WHERE code = '${code}' RETURNING 1 AS done`)
    await receive(`received_at + interval '60 days'`)
    const ahead = linesOf((await otherwise(`from=${month()}`)).bytes)
    await receive(`received_at - interval '60 days'`)
    expect(ahead).toHaveLength(2)
    expect(ahead[1]).toMatch(/,,56,Chưa đo được: ghi tiếp nhận sau giờ hiện tại của cổng liên thông$/)
    const [audited] = await system.context.db.query<{ actor: string }>(
      `SELECT actor FROM audit_entry WHERE act = 'EXPORT_PROCESS_RECORD' LIMIT 1`,
    )
    expect(audited?.actor).toBe('officer')
  })

  test('the process record of one commune has no other, what it does not go by is refused, and all that was asked is in the audit', async () => {
    const linesFor = async (query: string): Promise<string[]> => {
      const { status, bytes } = await system.gateway.get('admin', `/export/process-record.csv?from=${month()}&${query}`)
      expect(status).toBe(200)
      return linesOf(bytes)
    }
    expect(await linesFor('commune=28633')).toHaveLength(1)
    expect((await linesFor('commune=28594&commune=28633')).length).toBeGreaterThan(1)
    const [audited] = await system.context.db.query<{ after: object }>(
      `SELECT after FROM audit_entry WHERE act = 'EXPORT_PROCESS_RECORD' ORDER BY at DESC, id DESC LIMIT 1`,
    )
    expect(audited?.after).toEqual({ from: month(), commune: '28594, 28633' })
    for (const query of ['systemId=VILIS', 'basis=FINISHED', 'by=SYSTEM'])
      expect((await system.gateway.get('admin', `/export/process-record.csv?from=${month()}&${query}`)).status).toBe(400)
  })
})
