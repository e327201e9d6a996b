import { fileURLToPath } from 'node:url'
import { CallsOut } from '../../soap/twin/calls-out.js'
import type { Twin } from '../../soap/twin/twin.js'
import { createTwin } from '../../soap/twin/twin-server.js'
import { COMPARISONS } from './compare.js'
import { createControls } from './controls.js'
import { showCertificates, showParcels } from './land-book.js'
import { showChanges, showDossier } from './show.js'
import { createState, restore, type VilisState } from './state.js'
import { writeHandler } from './take-writes.js'
import { advanceDue } from './workflow.js'

/**
 * The sandbox twin of ViLIS: a registration office that takes dossiers, works on them by its own workflow on its own clock, and tells what
 * it did, by calling the gateway (when `callbackUrl` is set) and always in LayThayDoi. It shares the WSDLs with the adapter and no
 * code that reads or writes a message. By itself it recognises no duplicate: each accepted write is a deed of its ledger.
 *
 * Settings (start options or `POST /control/set`): `callbackUrl`, `callbackUsername`, `callbackPassword`, `callbacks` (false: poll only),
 * `autoAdvance`, `stepHours`, `supplementEvery`, `deduplicate` (OFF, KEY, DOSSIER), `tellDigest`, `inquiryStrength`, `firstPosition`.
 */
export function createVilisTwin(): Twin<VilisState> {
  const calls = (): CallsOut => callsOut
  const twin = createTwin<VilisState>({
    name: 'vilis',
    path: '/vilis',
    wsdlPath: fileURLToPath(new URL('../wsdl/vilis.wsdl', import.meta.url)),
    operations: {
      TiepNhanHoSo: writeHandler('TiepNhanHoSo', calls),
      BoSungHoSo: writeHandler('BoSungHoSo', calls),
      RutHoSo: writeHandler('RutHoSo', calls),
      XacNhanTraKetQua: writeHandler('XacNhanTraKetQua', calls),
      TraCuuHoSo: showDossier,
      TraCuuThuaDat: showParcels,
      TraCuuGiayChungNhan: showCertificates,
      LayThayDoi: showChanges,
      ...COMPARISONS,
    },
    createState,
    restore,
    dueWork: (work) => advanceDue(work, callsOut),
    controls: createControls(calls),
    describe: (state) => ({ dossiers: [...state.dossiers.values()], changes: state.changes }),
  })
  const callsOut = new CallsOut({
    wsdlPath: fileURLToPath(new URL('../wsdl/mot-cua-callback.wsdl', import.meta.url)),
    endpoint: () => textSetting(twin, 'callbackUrl'),
    ledger: twin.ledger,
    everyMs: 250,
    /** Asked when the first call goes out, when the start options are known. */
    get credentials() {
      return { username: textSetting(twin, 'callbackUsername') ?? '', password: textSetting(twin, 'callbackPassword') ?? '' }
    },
  })
  twin.attach(callsOut)
  return twin
}

function textSetting(twin: Twin<VilisState>, name: string): string | undefined {
  const value = twin.settings[name]
  return typeof value === 'string' ? value : undefined
}
