import { fileURLToPath } from 'node:url'
import { driftOf } from '../../../soap/twin/drift.js'
import { historyOf } from '../../../soap/twin/history-control.js'
import { startLying } from '../../../soap/twin/lie.js'
import type { Twin, TwinCall, TwinHandler, TwinWork } from '../../../soap/twin/twin.js'
import { TwinFault } from '../../../soap/twin/twin-fault.js'
import { createTwin } from '../../../soap/twin/twin-server.js'
import { textOf, type WireObject } from '../../../soap/twin/wire-values.js'
import { type ListPage, list, ofCodes } from './compare.js'
import { lookUp, STRENGTHS } from './lookup.js'
import { apply, createState, describe, findDossier, happenUntold, type PortalState, restore } from './portal-state.js'
import { PortalRefusal } from './refusal.js'
import { addProgress, syncDossier } from './writes.js'

/**
 * Cổng dịch vụ công, as a sandbox: keeps dossiers and their progress lines, reached through the exchange platform, so every request
 * must bear X-Road headers, which the answer copies. A request is checked for its headers, its session and its unit, then for its
 * content; what is wrong with the content is an `error_code` and changes nothing. Each accepted write is one deed ACCEPTED in the
 * ledger and the state is built from those deeds alone, so a restarted portal knows its dossiers.
 *
 * Told by settings (or by the control actions of the same names): `deduplicate` (default off: a repeated write is done again),
 * `inquiryStrength` (how much TraCuuHoSo tells), `session` and `madonvi` (what callers must give; anything that is not empty when
 * unset), `suspended` (answers TAM_NGUNG to every write),
 * `staleLookUps` (so many look-ups find nothing).
 */
export function createPortalTwin(): Twin<PortalState> {
  return createTwin<PortalState>({
    name: 'portal',
    path: '/cong-dich-vu-cong',
    wsdlPath: fileURLToPath(new URL('../wsdl/cong-dich-vu-cong.wsdl', import.meta.url)),
    copyHeaders: true,
    createState,
    restore,
    describe,
    operations: {
      DongBoHoSoMC: answering((args, call) => [writing(syncDossier)(args, call)]),
      CapNhatTienDoHoSoMC: answering((args, call) => [writing(addProgress)(args, call)]),
      TraCuuHoSo: answering(lookUp),
      DoiSoatDanhSach: paging(list),
      DoiSoatTheoMa: answering(ofCodes),
    },
    controls: {
      deduplicate: ({ on }, { settings }) => Object.assign(settings, { deduplicate: on === true }),
      suspended: ({ on }, { settings }) => Object.assign(settings, { suspended: on === true }),
      staleLookUps: ({ count }, { settings }) => Object.assign(settings, { staleLookUps: Number(count) }),
      inquiryStrength: ({ strength }, { settings }) => {
        if (!STRENGTHS.some((known) => known === strength)) throw new Error(`strength is one of ${STRENGTHS.join(', ')}`)
        settings.inquiryStrength = strength
      },
      forget: ({ code }, work) => forget(String(code), work),
      drift: (body, work) => {
        if (!findDossier(work.state, String(body.code))) throw new Error(`no dossier ${String(body.code)} at the portal`)
        happenUntold(work, 'DRIFTED', { drift: driftOf(body) })
      },
      lie: (body, { settings }) => startLying(settings, body),
      keepHistory: (body, work) => happenUntold(work, 'HISTORY_KEPT', { ...historyOf(body) }),
    },
  })
}

/** The portal loses a dossier with its progress, as a restored backup would. */
function forget(dossierCode: string, work: TwinWork<PortalState>): { forgotten: boolean } {
  const forgotten = findDossier(work.state, dossierCode) !== undefined
  if (forgotten) {
    work.did('FORGOTTEN', { operation: 'FORGET', dossierCode })
    apply(work.state, { operation: 'FORGET', dossierCode })
  }
  return { forgotten }
}

type Rows = (args: WireObject, call: TwinCall<PortalState>) => readonly Record<string, unknown>[]

/** Wraps rows into the portal's answer, and a refusal into its error_code. */
const answering = (rows: Rows): TwinHandler<PortalState> => paging((args, call) => ({ result: rows(args, call) }))

/** The same with the position of the next page. */
function paging(page: (args: WireObject, call: TwinCall<PortalState>) => ListPage): TwinHandler<PortalState> {
  return (args, call) => {
    checkPlatform(call)
    try {
      checkCaller(args, call)
      return { error_code: '0', message: 'Thành công', ...page(args, call) }
    } catch (error) {
      if (!(error instanceof PortalRefusal)) throw error
      call.did('REFUSED', { operation: call.operation, code: error.code, field: error.field ?? '' })
      return { error_code: error.code, message: error.message, result: holdingRow(error, args) }
    }
  }
}

function holdingRow({ holding, field }: PortalRefusal, args: WireObject): Record<string, string>[] {
  if (Object.keys(holding).length === 0 && field === undefined) return []
  const data = args.data
  const first = (Array.isArray(data) ? data[0] : data) as WireObject | null | undefined
  return [{ MaHoSo: textOf(first, 'MaHoSo') ?? '', ...holding, ...(field === undefined ? {} : { TruongLoi: field }) }]
}

function writing(write: (args: WireObject, call: TwinCall<PortalState>) => Record<string, unknown>): typeof write {
  return (args, call) => {
    if (call.settings.suspended === true) throw new PortalRefusal('TAM_NGUNG', 'Cổng tạm ngừng tiếp nhận để bảo trì')
    return write(args, call)
  }
}

/** The platform refuses a message without its headers before the portal sees it. */
function checkPlatform({ headers, operation }: TwinCall<PortalState>): void {
  for (const name of ['client', 'service', 'id', 'protocolVersion']) {
    if (headers?.[name] === undefined) throw new TwinFault('Client.MissingHeaderField', `Thiếu tiêu đề ${name}`)
  }
  const service = headers?.service as WireObject
  if (textOf(service, 'serviceCode') !== operation) throw new TwinFault('Client.InconsistentHeaders', 'serviceCode khác tên nghiệp vụ')
}

function checkCaller(args: WireObject, { operation, settings }: TwinCall<PortalState>): void {
  for (const name of ['session', 'madonvi'] as const) {
    const given = textOf(args, name) ?? ''
    const wanted = settings[name]
    if (typeof wanted === 'string' ? given !== wanted : given === '')
      throw new PortalRefusal('SAI_PHIEN', 'Phiên làm việc hoặc mã đơn vị không đúng')
  }
  if (textOf(args, 'service') !== operation) throw new PortalRefusal('SAI_DU_LIEU', 'service khác tên nghiệp vụ', 'service')
}
