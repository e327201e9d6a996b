/** Bởi bên nào: on whose side a cause is. */
export const CAUSE_SIDES = ['OURS', 'THEIRS', 'NETWORK', 'DESK', 'DATA', 'UNKNOWN'] as const
export type CauseSide = (typeof CAUSE_SIDES)[number]
