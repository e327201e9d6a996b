import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals'
import { eventsOf } from '../../../src/backfill/history-dossier.js'
import { readHistoryRow } from '../../../src/backfill/history-row.js'
import { type FileRow, openHistoryFile, readHistoryRows } from '../../../src/backfill/read-history-file.js'
import { type Line, readLines } from '../../../src/backfill/read-lines.js'
import { openRejectedFile } from '../../../src/backfill/rejected-file.js'
import type { ReferenceData } from '../../../src/dossier/reference-data.js'
import { ORIGINS } from '../../../src/model/system.js'
import { projectRoot } from '../../../src/platform/paths.js'

const NOW = new Date('2026-11-27T00:00:00Z')
const unit = (id: number, code: string, name: string, validFrom: string, validTo: string | null) => ({ id, code, name, validFrom, validTo })
const reference: ReferenceData = {
  units: [
    unit(1, '28633', 'Xã Bình Phan', '2000-01-01', '2025-06-30'),
    unit(2, '28639', 'Xã An Thạnh Thủy', '2000-01-01', '2025-06-30'),
    unit(3, '28633', 'Xã An Thạnh Thủy', '2025-07-01', null),
    unit(4, '28594', 'Xã Chợ Gạo', '2025-07-01', null),
  ],
  procedures: new Map(['1.012783', '1.012784'].map((code) => [code, { code, name: 'Thủ tục', landRegistration: true }])),
  routing: [],
  calendar: undefined as never,
}

const good = {
  code: 'H58.22-190315-0001',
  origin: 'ONE_STOP',
  procedureCode: '1.012783.000.00.00.H58',
  communeCode: '28639',
  channel: 'DIRECT',
  applicant: { kind: 'CITIZEN', fullName: 'Trần Thị Mẫu', idNumber: '082199000123', phone: '0900000456' },
  receivedBy: 'mc.mau.1',
  receivedAt: '2019-03-15T08:00:00+07:00',
  dueAt: '2019-03-26T17:00:00+07:00',
  status: 10,
  statusAt: '2019-03-25T09:00:00+07:00',
  finishedAt: '2019-03-22T15:30:00+07:00',
  returnedAt: '2019-03-25T09:00:00+07:00',
  parcels: [{ mapSheetNumber: '12', parcelNumber: '345', areaM2: '120.50' }],
  certificates: [{ serialNumber: 'bx 123456', registerNumber: 'CS01234' }],
}
const read = (change: object) => readHistoryRow({ ...good, ...change }, reference, NOW)

describe('a row of history', () => {
  it('that is good is a dossier with its codes resolved on the day of its reception', () => {
    const told = read({})
    expect(told).toMatchObject({
      kind: 'READ',
      dossier: {
        status: 'RESULT_RETURNED',
        content: {
          version: 1,
          procedureCode: '1.012783',
          receivingUnit: { code: '28639', validFrom: '2000-01-01' },
          receivedAt: '2019-03-15T01:00:00.000Z',
          certificates: [{ serialNumber: 'BX123456', registerNumber: 'CS01234' }],
        },
      },
    })
    if (told.kind !== 'READ') throw new Error(told.reason)
    expect(eventsOf(told.dossier).map(({ kind, from, status }) => [kind, from, status])).toEqual([
      ['RECEIVED', undefined, 'ACCEPTED'],
      ['RESULT_ISSUED', 'ACCEPTED', 'COMPLETED'],
      ['RESULT_RETURNED', 'COMPLETED', 'RESULT_RETURNED'],
    ])
  })

  it('takes a commune code for what it meant on the day', () => {
    const before = read({ communeCode: '28633', communeName: 'xã BÌNH PHAN' })
    expect(before).toMatchObject({ dossier: { content: { receivingUnit: { name: 'Xã Bình Phan' } } } })
    const times = {
      receivedAt: '2025-07-01T00:00:00+07:00',
      dueAt: '2025-07-10T00:00:00+07:00',
      status: 4,
      statusAt: '2025-07-02T08:00:00+07:00',
      finishedAt: undefined,
      returnedAt: undefined,
    }
    expect(read({ ...times, communeCode: '28633' })).toMatchObject({
      dossier: { content: { receivingUnit: { validFrom: '2025-07-01', name: 'Xã An Thạnh Thủy' } } },
    })
  })

  it.each<[object, string]>([
    [{ code: 'HS-1' }, 'code: Mã hồ sơ "HS-1" không đúng mẫu'],
    [{ code: undefined }, 'code: Thiếu mã hồ sơ.'],
    [{ codee: 'x' }, 'codee'],
    ...[0, true, [3], '2.5', '', 1_000_001].map((version): [object, string] => [{ version }, 'version: Phiên bản là số nguyên từ 1.']),
    [{ origin: 'TAX' }, 'origin: Phải là một trong: ONE_STOP'],
    [{ procedureCode: '9.999999' }, 'procedureCode: Không có thủ tục'],
    [{ communeCode: '28594' }, 'receivingUnit: Không có đơn vị hành chính mã "28594" vào ngày 15/03/2019'],
    [{ communeCode: '28633', communeName: 'Xã An Thạnh Thủy' }, 'là Xã Bình Phan (từ ngày 01/01/2000), không phải "Xã An Thạnh Thủy"'],
    [{ communeCode: '2863' }, 'communeCode: Mã xã phải có năm chữ số.'],
    [{ channel: 'EMAIL' }, 'channel: Phải là một trong'],
    [
      { code: 7, origin: 'X', channel: 'EMAIL', chanel: 'DESK', status: 11 },
      `không có trường "chanel". code: Thiếu mã hồ sơ. origin: Phải là một trong: ${ORIGINS.join(', ')}. Còn 2 lỗi khác.`,
    ],
    [{ applicant: { ...good.applicant, idNumber: '82199000123' } }, 'applicant.idNumber: Số giấy tờ của công dân gồm 9 hoặc 12 chữ số'],
    [
      { applicant: { ...good.applicant, kind: 'ENTERPRISE', idNumber: '12001' } },
      'applicant.idNumber: Số giấy tờ của tổ chức là mã số thuế',
    ],
    [{ applicant: { ...good.applicant, fullName: '' } }, 'applicant.fullName: Họ và tên'],
    [{ applicant: { ...good.applicant, fullName: 'Tr\uFFFDn Th\uFFFD' } }, 'tệp phải là UTF-8'],
    [{ applicant: { ...good.applicant, fullName: 'Trần \0' } }, 'Có ký tự không lưu được'],
    [{ applicant: { ...good.applicant, phone: 'không có' } }, 'applicant.phone: Số điện thoại'],
    [{ applicant: { ...good.applicant, phone: '900000456' } }, 'applicant.phone: Số điện thoại bắt đầu bằng 0'],
    [{ applicant: { ...good.applicant, email: 'mau' } }, 'applicant.email: '],
    [{ receivedAt: '2019-03-15T08:00:00' }, 'receivedAt: Thời điểm phải theo ISO-8601 có múi giờ'],
    [{ receivedAt: '15/03/2019' }, 'receivedAt: Thời điểm phải theo ISO-8601'],
    [{ receivedAt: '2019-02-30T08:00:00+07:00' }, 'receivedAt: Ngày 2019-02-30 không có trong lịch.'],
    [{ receivedAt: '0001-01-01T00:00:00+07:00' }, 'receivedAt: Năm phải từ 1900'],
    [{ receivedAt: '1970-01-01T00:00:00+00:00' }, 'receivedAt: Thời điểm trước năm 1990.'],
    [{ receivedAt: '2027-03-15T08:00:00+07:00', dueAt: '2027-04-15T08:00:00+07:00' }, 'receivedAt: Thời điểm ở tương lai.'],
    [{ dueAt: '2019-03-14T08:00:00+07:00' }, 'dueAt: Ngày hẹn trả sớm hơn ngày tiếp nhận.'],
    [{ dueAt: undefined }, 'dueAt: Thiếu thời điểm'],
    [{ status: 11 }, 'status: Trạng thái là một số từ 1 đến 10.'],
    [{ status: 'xong' }, 'status: Trạng thái là một số từ 1 đến 10.'],
    [{ statusAt: '2019-03-01T08:00:00+07:00' }, 'statusAt: Thời điểm sớm hơn ngày tiếp nhận.'],
    [{ returnedAt: undefined }, 'returnedAt: Hồ sơ đã trả kết quả (10) phải có ngày trả.'],
    [{ status: 9, returnedAt: undefined, finishedAt: undefined }, 'finishedAt: Hồ sơ đã xử lý xong (9) phải có ngày xong.'],
    [{ status: 4, returnedAt: undefined }, 'finishedAt: Hồ sơ chưa kết thúc'],
    [{ status: 4, finishedAt: undefined }, 'returnedAt: Chỉ hồ sơ đã trả kết quả (10) có ngày trả.'],
    [{ finishedAt: '2019-03-26T15:30:00+07:00' }, 'returnedAt: Trả kết quả sớm hơn ngày xử lý xong.'],
    [{ parcels: [good.parcels[0], good.parcels[0]] }, 'parcels: Một thửa đất được ghi hai lần.'],
    [{ parcels: [{ mapSheetNumber: '12' }] }, 'parcels.0.parcelNumber: Số thứ tự thửa'],
    [{ parcels: [{ ...good.parcels[0], areaM2: '120,5' }] }, 'parcels.0.areaM2: Diện tích'],
    [{ certificates: [{ serialNumber: 'SO DO' }] }, 'certificates.0.serialNumber: Số phát hành "SO DO" không đúng mẫu'],
    [{ certificates: [{ serialNumber: 'BX 123456' }, { serialNumber: 'BX123456' }] }, 'certificates: Một số phát hành được ghi hai lần.'],
    [{ events: [{ at: '2019-03-20T08:00:00+07:00', status: 4 }] }, 'events: Diễn biến cuối cùng phải là trạng thái của hồ sơ'],
    [
      {
        events: [
          { at: '2019-03-21T08:00:00+07:00', status: 4 },
          { at: '2019-03-20T08:00:00+07:00', status: 10 },
        ],
      },
      'events.1.at: Diễn biến phải theo thứ tự thời gian.',
    ],
  ])('that is bad is refused with the field and the reason: %j', (change, reason) => {
    const told = read(change)
    expect(told.kind).toBe('REFUSED')
    if (told.kind === 'REFUSED') expect(told.reason).toContain(reason)
  })

  it.each([null, 7, 'x', []])('that is no object is refused: %j', (told) => {
    expect(readHistoryRow(told, reference, NOW).kind).toBe('REFUSED')
  })

  it.each<[object]>([
    [{ version: '12' }],
    [{ applicant: { ...good.applicant, phone: '+84 900 000 456' } }],
    [{ applicant: { ...good.applicant, phone: '1900 1234' } }],
    [{ finishedAt: undefined }],
  ])('that says it otherwise is good: %j', (change) => {
    expect(read(change)).toMatchObject({ kind: 'READ' })
  })

  it('of a dossier that was not accepted tells of no result', () => {
    const told = read({ status: 3, returnedAt: undefined })
    if (told.kind !== 'READ') throw new Error(told.reason)
    expect(eventsOf(told.dossier).map(({ status }) => status)).toEqual(['SUBMITTED', 'NOT_ACCEPTED'])
  })

  it.each([
    ['CITIZEN', '12', 'Số giấy tờ của công dân gồm 9 hoặc 12 chữ số'],
    ['ENTERPRISE', '12', 'Số giấy tờ của tổ chức là mã số thuế'],
    ['CITIZEN', '0'.repeat(21), 'Số giấy tờ của công dân gồm 9 hoặc 12 chữ số'],
  ])('tells of a number that is too short or too long once, by whose it is: %s %s', (kind, idNumber, sentence) => {
    const told = read({ applicant: { ...good.applicant, kind, idNumber } })
    if (told.kind === 'READ') throw new Error('read')
    expect(told.reason.split('applicant.idNumber: ')).toEqual(['', expect.stringContaining(sentence)])
  })

  it('never quotes the number or the name of a person', () => {
    const told = read({ applicant: { kind: 'CITIZEN', fullName: 'X', idNumber: '82199000123' } })
    expect(JSON.stringify(told)).not.toMatch(/82199000123|"X"/)
  })
})

describe('a file of history', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lienthong-history-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const rowsOf = async (name: string, text?: string, after = 0): Promise<FileRow[]> => {
    const path = text === undefined ? name : join(folder, name)
    if (text !== undefined) await writeFile(path, text)
    const rows: FileRow[] = []
    for await (const row of readHistoryRows(await openHistoryFile(path), after)) rows.push(row)
    return rows
  }

  test.each(['csv', 'ndjson'])('as the example shows it (%s) is good', async (kind) => {
    const rows = await rowsOf(join(projectRoot, `examples/history/ho-so-mau.${kind}`))
    expect(rows.map(({ told }) => readHistoryRow(told, reference, NOW))).toEqual([
      expect.objectContaining({ kind: 'READ' }),
      expect.objectContaining({ kind: 'READ' }),
    ])
  })

  const MUST = 'code;origin;procedureCode;communeCode;channel;applicantKind;applicantName;receivedBy;receivedAt;dueAt;status;statusAt'
  test('of a spreadsheet in Vietnamese has semicolons, a mark and lines within cells; rows are numbered as there', async () => {
    const rows = await rowsOf('a.csv', `\uFEFF${MUST};summary\r\na;;;;;;;;;;;;"hai\r\ndòng"\r\n;;;;;;;;;;;;\r\nb;too;few\r\n`)
    expect(rows.map(({ row, fault, told }) => [row, fault, (told as { summary?: string } | undefined)?.summary])).toEqual([
      [2, undefined, 'hai\r\ndòng'],
      [4, 'Hàng có 3 ô, dòng đầu có 13 cột.', undefined],
    ])
  })

  test.each([
    ['x.csv', 'code;mã\n', 'Không có cột "mã"'],
    ['x.csv', 'code,code\n', 'Cột "code" có hai lần.'],
    ['x.csv', 'code,origin\n', 'Thiếu cột: procedureCode'],
    ['x.csv', '', 'Tệp trống.'],
    ['x.csv', `${MUST}\n"H58;không đóng\n`, 'dấu ngoặc kép'],
    ['x.txt', 'x', 'phải là .csv hoặc .ndjson'],
    ['x.ndjson', '\uFEFF [{"code":"a"},{"code":"b"}]', 'mỗi dòng một hồ sơ ({…}), không phải một mảng JSON'],
  ])('that is none says so: %s %j', async (name, text, sentence) => {
    await expect(rowsOf(name, text)).rejects.toThrow(sentence)
  })

  test('whose quotation mark is not closed has all of its rows before that one, which is named', async () => {
    const good = Array.from({ length: 18 }, (_, at) => `${at + 2};;;;;;;;;;;`)
    await writeFile(join(folder, 'd.csv'), `${[MUST, ...good, '"20;;;;;;;;;;;', '21;;;;;;;;;;;'].join('\n')}\n`)
    const seen: number[] = []
    const read = async (): Promise<void> => {
      for await (const { row } of readHistoryRows(await openHistoryFile(join(folder, 'd.csv')), 0)) seen.push(row)
    }
    await expect(read()).rejects.toThrow(/^Hàng 20 của tệp CSV có dấu ngoặc kép không đóng/)
    expect(seen).toEqual(good.map((_, at) => at + 2))
  })

  test('goes on behind a row, and a line that is no JSON is told as that', async () => {
    const rows = await rowsOf('b.ndjson', '{"code":"a"}\n\nhỏng\n{"code":"c"}', 1)
    expect(rows.map(({ row, told, fault }) => [row, told, fault])).toEqual([
      [3, undefined, 'Dòng không phải là JSON.'],
      [4, { code: 'c' }, undefined],
    ])
  })

  test('holds no more of a line that is too long than its beginning, and goes on behind it', async () => {
    const rows = await rowsOf('e.ndjson', `{"code":"a"}\r\n{"x":"${'y'.repeat(1_000_000)}"}\r\n{"summary":"hai\u2028dòng"}`)
    expect(rows.map(({ row, told, fault, original }) => [row, told, fault, String(original).length])).toEqual([
      [1, { code: 'a' }, undefined, 12],
      [2, undefined, 'Dòng dài quá 1 000 000 byte; ở đây chỉ giữ đoạn đầu.', 1_001],
      [3, { summary: 'hai\u2028dòng' }, undefined, 22],
    ])
    const ONE_MB = Buffer.alloc(1_000_000, 'a')
    async function* endless(): AsyncGenerator<Buffer> {
      for (let chunk = 0; chunk < 2_000; chunk += 1) yield ONE_MB
      yield Buffer.from('\nb')
    }
    const lines: Line[] = []
    for await (const line of readLines(endless(), 3)) lines.push(line)
    expect(lines).toEqual([
      { text: 'aaa', bytes: 2_000 * ONE_MB.length + 1, isCut: true },
      { text: 'b', bytes: 1, isCut: false },
    ])
  })

  test('of rejected rows stands as it was committed, and can be loaded again as it is', async () => {
    const text = `${MUST};summary\na;;;;;;;;;;;;x\nb;;;;;;;;;;;;"y;z"\n`
    const rows = await rowsOf('c.csv', text)
    const path = join(folder, 'c.rejected.csv')
    const file = await openHistoryFile(join(folder, 'c.csv'))
    const [first, second] = rows.map((row) => ({ row, reason: `vì ${row.row}` }))
    if (!first || !second) throw new Error('two rows')
    const killed = await openRejectedFile(path, file)
    const committed = await killed.write(0, [first])
    await killed.close(await killed.write(committed, [second, second, second]))
    const next = await openRejectedFile(path, file)
    const length = await next.write(committed, [second])
    await next.close(length)
    expect(await readFile(path, 'utf8')).toBe(`\uFEFFdong;ly_do;${MUST};summary\n2;vì 2;a;;;;;;;;;;;;x\n3;vì 3;b;;;;;;;;;;;;"y;z"\n`)
    expect((await rowsOf(path)).map(({ told }) => (told as { code: string }).code)).toEqual(['a', 'b'])

    await rm(path)
    const without = await openRejectedFile(path, file)
    await without.close(await without.write(length, [second]))
    expect(await readFile(path, 'utf8')).toMatch(/^\uFEFFdong;/)
  })
})
