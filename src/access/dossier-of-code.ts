import { SYSTEM_IDS } from '../model/system.js'

/**
 * SQL: the ids of the dossiers that a code means: the one that bears it, and one that a system knows under it. Both parts are read by
 * their index; the key of `dossier_identifier` begins with the system, so the systems are named.
 */
export const dossierIdsOfCode = (placeholder: string): string => `(
  SELECT own.id FROM dossier own WHERE own.code = ${placeholder}::text
  UNION SELECT i.dossier_id FROM dossier_identifier i
  WHERE i.system_id = ANY('{${SYSTEM_IDS.join(',')}}'::text[]) AND i.value = ${placeholder}::text)`
