import { SYSTEM_IDS, type SystemId } from '../../../src/model/system.js'

/**
 * What a peer can do to the files of a sending, and the systems whose contract tells that they have kept it so: the portal tells names
 * and numbers of files, not their content.
 */
export const WRONG_FILES = {
  LOSE_ATTACHMENT: SYSTEM_IDS,
  DOUBLE_ATTACHMENT: SYSTEM_IDS,
  SWAP_ATTACHMENT: ['VILIS', 'ONE_STOP'],
} as const satisfies Readonly<Record<string, readonly SystemId[]>>
export type WrongFiles = keyof typeof WRONG_FILES

export const tellsOfFiles = (systemId: SystemId, misbehaviour: string | undefined): boolean =>
  Object.entries(WRONG_FILES).some(([kind, toldBy]) => kind === misbehaviour && toldBy.some((id) => id === systemId))
