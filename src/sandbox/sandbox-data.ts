import { claimPurpose } from '../dossier/installation-repository.js'
import { readReferenceData } from '../dossier/reference-repository.js'
import { setRouteMode } from '../dossier/routing-repository.js'
import { openDatabase } from '../platform/database.js'
import { StartError } from '../platform/start-error.js'
import { loadMappings } from '../transfer/mapping-repository.js'
import { sandboxMappings } from './sandbox-mappings.js'

/**
 * The sandbox's codes, and every route LIVE: the systems behind it are twins. Only in a database that is the sandbox's own: made-up
 * dossiers must never mix with a district's.
 */
export const prepareSandboxData = async (databaseUrl: string): Promise<void> => {
  const db = openDatabase({ url: databaseUrl, poolSize: 2, onError: () => undefined })
  try {
    const purpose = await claimPurpose(db, 'SANDBOX')
    if (purpose === 'OTHER')
      throw new StartError(
        'Cơ sở dữ liệu này là của hệ thống thật: "npm start" chạy dữ liệu thử, hãy dùng cơ sở dữ liệu khác hoặc bỏ DATABASE_URL.',
        'This database is that of a real district: "npm start" runs made-up data, use another database or leave DATABASE_URL out.',
      )
    if (purpose === 'KNOWN') return
    await setRouteMode(db, { mode: 'LIVE', from: '2000-01-01' })
    await loadMappings(db, sandboxMappings(await readReferenceData(db)))
  } finally {
    await db.close()
  }
}
