import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { createOneStopAdapter, ONE_STOP_WSDL_PATH } from '../../../adapters/one-stop/adapter.js'
import { keepDocument, sending, supplementBody } from '../../contract/one-stop/bodies.js'
import { noMappings, oneStopSettings } from '../../contract/one-stop/settings.js'

test('a site whose contract cannot be compared hears what to set, and nothing speaks against the system’s health', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mot-cua-wsdl-'))
  try {
    const wsdlPath = join(folder, 'mot-cua.wsdl')
    await writeFile(
      wsdlPath,
      (await readFile(ONE_STOP_WSDL_PATH, 'utf8')).replace(/<wsdl:operation name="DoiSoat.*?<\/wsdl:operation>/gs, ''),
    )
    const { target, comparison } = await createOneStopAdapter({
      settings: { ...oneStopSettings('http://127.0.0.1:1/mot-cua'), wsdlPath },
      mappings: noMappings,
      keepDocument,
      readDocument: () => Promise.resolve(null),
    })
    expect(await comparison.days({ from: '2026-03-01', to: '2026-03-31' })).toEqual({
      kind: 'FAILED',
      shows: 'SILENT',
      cause: expect.stringMatching(/không có nghiệp vụ DoiSoatTheoNgay: .* "systems.ONE_STOP.comparison" là "NONE"/),
    })
    await target.close()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('what the contract of a site does not have is not sent, and is held with a sentence that says what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mot-cua-wsdl-'))
  try {
    const wsdlPath = join(folder, 'mot-cua.wsdl')
    await writeFile(
      wsdlPath,
      (await readFile(ONE_STOP_WSDL_PATH, 'utf8')).replace(/<wsdl:operation name="TiepNhanBoSungLienThong">.*?<\/wsdl:operation>/gs, ''),
    )
    const { target } = await createOneStopAdapter({
      settings: { ...oneStopSettings('http://127.0.0.1:1/mot-cua'), wsdlPath },
      mappings: noMappings,
      keepDocument,
      readDocument: () => Promise.resolve(Buffer.from('')),
    })
    const body = await supplementBody('H58.22-260316-0001')
    expect((await target.send(sending({ ...body, documents: [] } as never))).outcome).toEqual({
      kind: 'NOT_SENT',
      code: 'BODY_INVALID',
      field: 'operation',
      reason: expect.stringMatching(/không có nghiệp vụ TiepNhanBoSungLienThong: hãy thay WSDL/),
    })
    await target.close()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
