import { readReferenceData } from '../dossier/dossier-repository.js'
import { setRouteMode } from '../dossier/routing-repository.js'
import { openDatabase } from '../platform/database.js'
import { loadMappings } from '../transfer/mapping-repository.js'
import { sandboxMappings } from './sandbox-mappings.js'

/** The sandbox's codes, and every route LIVE: the systems behind it are twins. Only on an empty database: nothing of a person's is changed. */
export const prepareSandboxData = async (databaseUrl: string): Promise<void> => {
  const db = openDatabase({ url: databaseUrl, poolSize: 2, onError: () => undefined })
  try {
    if ((await db.orm.codeMapping.count()) > 0) return
    await setRouteMode(db, { mode: 'LIVE', from: '2000-01-01' })
    await loadMappings(db, sandboxMappings(await readReferenceData(db)))
  } finally {
    await db.close()
  }
}
