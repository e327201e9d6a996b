/** Hệ thống liên thông: the foreign systems that a dossier lives in. The adapter folder of each holds how we speak to it. */
export const SYSTEM_IDS = ['ONE_STOP', 'VILIS', 'PORTAL'] as const
export type SystemId = (typeof SYSTEM_IDS)[number]

export const SYSTEM_NAMES: Record<SystemId, string> = {
  ONE_STOP: 'Một cửa điện tử',
  VILIS: 'Phần mềm đất đai ViLIS',
  PORTAL: 'Cổng dịch vụ công',
}

/** The same within a sentence. */
export const SYSTEM_IN_SENTENCE: Record<SystemId, string> = { ONE_STOP: 'một cửa', VILIS: 'ViLIS', PORTAL: 'Cổng dịch vụ công' }

/** Where a change of a dossier was made first. GATEWAY: a front-end app, through our own mutations. */
export const ORIGINS = [...SYSTEM_IDS, 'GATEWAY'] as const
export type Origin = (typeof ORIGINS)[number]

/**
 * Nghiệp vụ liên thông: what a transfer asks the other side to do. The wire name of each stands in that system's adapter.
 * An operation belongs to exactly one system.
 */
export const OPERATIONS = {
  VILIS: ['RECEIVE', 'SUPPLEMENT', 'WITHDRAW', 'CONFIRM_RETURN'],
  ONE_STOP: ['REGISTER', 'POST_SUPPLEMENT', 'UPDATE_STATUS', 'POST_TAX_NOTICES', 'POST_RESULT'],
  PORTAL: ['SYNC_DOSSIER', 'SYNC_PROGRESS'],
} as const satisfies Record<SystemId, readonly string[]>

export type Operation = (typeof OPERATIONS)[SystemId][number]

export const ALL_OPERATIONS: readonly Operation[] = SYSTEM_IDS.flatMap((id) => [...OPERATIONS[id]])

export const systemOf = (operation: Operation): SystemId =>
  SYSTEM_IDS.find((id) => (OPERATIONS[id] as readonly string[]).includes(operation)) as SystemId
