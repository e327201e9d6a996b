/**
 * Trạng thái lượt liên thông: the life of one sending of one change to one system.
 *
 *   PLANNED ── relay published a wake-up ──► QUEUED ── claim ──► SENDING ──► DELIVERED
 *   SENDING ──► WAITING_RETRY (nothing was processed there) ── claim ──► SENDING
 *   SENDING ──► INDETERMINATE (perhaps processed) ── claim to inquire ──► SENDING ──► DELIVERED | WAITING_RETRY | HELD | INDETERMINATE
 *   SENDING ──► HELD (a person or a mapping is needed) | REJECTED (refused) | EXHAUSTED (budget spent)
 *
 *   after a restore from a backup: every state that is not done ──► INDETERMINATE (it may have been sent since the backup);
 *     INDETERMINATE, or SENDING of an inquiry ──► SUPERSEDED by what is newer, when no sending of it is known
 *
 *   HELD in conflict ── a person's replay ──► INDETERMINATE (asked for before anything is sent again)
 *
 * REJECTED and EXHAUSTED leave only by a named person's act; so does ABANDONED, when a new transfer takes its place in the order or somebody
 * says that the other side has it by another road. "Blocked" is not a state: it is derived from the transfer before
 * it in the sequence of its dossier and system. The table below is the only source of legal moves.
 */
export const TRANSFER_STATES = [
  'PLANNED',
  'QUEUED',
  'SENDING',
  'WAITING_RETRY',
  'INDETERMINATE',
  'HELD',
  'DELIVERED',
  'REJECTED',
  'EXHAUSTED',
  'ABANDONED',
  'SUPERSEDED',
] as const
export type TransferState = (typeof TRANSFER_STATES)[number]

/** Who may make a move: the machine, only a named person with a reason, or the recovery after a restore from a backup. */
type Mover = 'MACHINE' | 'PERSON' | 'RECOVERY'

const MACHINE_MOVES: Partial<Record<TransferState, readonly TransferState[]>> = {
  PLANNED: ['QUEUED', 'SENDING', 'SUPERSEDED', 'HELD'],
  QUEUED: ['SENDING', 'SUPERSEDED', 'HELD'],
  SENDING: ['DELIVERED', 'WAITING_RETRY', 'INDETERMINATE', 'HELD', 'REJECTED', 'EXHAUSTED'],
  WAITING_RETRY: ['SENDING', 'SUPERSEDED', 'EXHAUSTED'],
  INDETERMINATE: ['SENDING'],
  HELD: ['QUEUED', 'SUPERSEDED'],
}

const PERSON_MOVES: Partial<Record<TransferState, readonly TransferState[]>> = {
  PLANNED: ['ABANDONED'],
  QUEUED: ['ABANDONED'],
  WAITING_RETRY: ['QUEUED', 'ABANDONED'],
  HELD: ['QUEUED', 'INDETERMINATE', 'DELIVERED', 'ABANDONED', 'SUPERSEDED'],
  REJECTED: ['QUEUED', 'DELIVERED', 'ABANDONED', 'SUPERSEDED'],
  EXHAUSTED: ['QUEUED', 'DELIVERED', 'ABANDONED', 'SUPERSEDED'],
  INDETERMINATE: ['DELIVERED', 'QUEUED'],
  ABANDONED: ['DELIVERED', 'SUPERSEDED'],
}

/**
 * After a restore our tables know less than the other side: what stands as unsent, waiting or being sent may have been sent since the
 * backup. What stands as held, refused or exhausted may have been released and sent too: it goes this way when it is released
 * again, in place of QUEUED. One that is only being asked for, and of no sending of which we know, gives way to what is newer without an
 * answer: whether they have it or not, it is never sent any more. None of these moves sends anything.
 */
const RECOVERY_MOVES: Partial<Record<TransferState, readonly TransferState[]>> = {
  PLANNED: ['INDETERMINATE'],
  QUEUED: ['INDETERMINATE'],
  SENDING: ['INDETERMINATE', 'SUPERSEDED'],
  WAITING_RETRY: ['INDETERMINATE'],
  INDETERMINATE: ['SUPERSEDED'],
  HELD: ['INDETERMINATE'],
  REJECTED: ['INDETERMINATE'],
  EXHAUSTED: ['INDETERMINATE'],
}

/** Nothing happens to these by the machine any more. */
export const TERMINAL_STATES = ['DELIVERED', 'REJECTED', 'EXHAUSTED', 'ABANDONED', 'SUPERSEDED'] as const

/** These let the next transfer of the same dossier and system go; all others block it. */
export const PASSABLE_STATES = ['DELIVERED', 'ABANDONED', 'SUPERSEDED'] as const

/** A worker may claim a transfer in these states once `nextAttemptAt` has come. */
export const CLAIMABLE_STATES = ['PLANNED', 'QUEUED', 'WAITING_RETRY', 'INDETERMINATE'] as const

/** A person has to look at it. */
export const ATTENTION_STATES = ['HELD', 'REJECTED', 'EXHAUSTED'] as const

export const isLegalTransferMove = (from: TransferState, to: TransferState, by: Mover): boolean =>
  by === 'RECOVERY' ? (RECOVERY_MOVES[from]?.includes(to) ?? false) : isLegalInOrdinaryLife(from, to, by)

const isLegalInOrdinaryLife = (from: TransferState, to: TransferState, by: Mover): boolean =>
  (MACHINE_MOVES[from]?.includes(to) ?? false) || (by === 'PERSON' && (PERSON_MOVES[from]?.includes(to) ?? false))

/** The states from which `to` may be reached, for the guard in SQL. */
export const statesBefore = (to: TransferState, by: Mover): TransferState[] =>
  TRANSFER_STATES.filter((from) => isLegalTransferMove(from, to, by))

/** Checked at start: a terminal state has no machine's way out, and every state is reachable from PLANNED. Throws with what is wrong. */
export const checkTransferMoves = (): void => {
  for (const state of TERMINAL_STATES)
    if (MACHINE_MOVES[state]) throw new Error(`transfer state ${state} is terminal and has a machine's move`)
  const reached = new Set<TransferState>(['PLANNED'])
  for (const from of reached) for (const to of TRANSFER_STATES) if (isLegalTransferMove(from, to, 'PERSON')) reached.add(to)
  const missed = TRANSFER_STATES.filter((state) => !reached.has(state))
  if (missed.length > 0) throw new Error(`transfer states cannot be reached: ${missed.join(', ')}`)
}

/** Lý do giữ lại: why a transfer is HELD, in plain sight until a person or a loaded mapping releases it. */
export const HELD_REASONS = [
  'MAPPING_MISSING',
  'ATTACHMENT_MISSING',
  'ATTACHMENT_TOO_LARGE',
  'BODY_INVALID',
  'CONFLICT',
  'UNCERTAIN',
  'PREDECESSOR_MISSING',
  'ADOPT_ABSENT',
  'ADOPT_DIFFERS',
  'AWAITING_APPROVAL',
  'AMENDMENT_DECLINED',
] as const
export type HeldReason = (typeof HELD_REASONS)[number]

/** Nguồn nội dung của một lượt: what the sources say, or what a person has amended. */
export const TRANSFER_ORIGINS = ['SOURCE', 'AMENDED'] as const
export type TransferOrigin = (typeof TRANSFER_ORIGINS)[number]

/** Trạng thái liên thông của hồ sơ: derived from its transfers, apart from the national status. */
export const INTERLINK_STATES = ['NONE', 'IN_SYNC', 'IN_FLIGHT', 'DELAYED', 'NEEDS_ATTENTION'] as const
export type InterlinkState = (typeof INTERLINK_STATES)[number]
