/**
 * Tình trạng của một hệ thống, by what came of the last call. DOWN: it does not answer. REFUSING: it answers, and by what it says serves nothing: it is closed,
 * refuses our account, or fails.
 */
export const SYSTEM_HEALTHS = ['UP', 'REFUSING', 'DOWN', 'UNKNOWN'] as const
export type Health = (typeof SYSTEM_HEALTHS)[number]
