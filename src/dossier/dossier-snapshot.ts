import { digestOf } from '../model/digest.js'
import type { DocumentContent, DossierContent, TaxNoticeContent } from '../model/dossier-content.js'
import type { DossierStatus } from '../model/dossier-status.js'
import type { DossierEventKind } from '../model/routing.js'
import type { Origin } from '../model/system.js'

/** Hồ sơ hợp nhất as it stands under its row lock: what a message is decided against. */
export interface DossierSnapshot {
  readonly id: string
  readonly version: number
  readonly sourceVersion: number
  readonly sourceDigest: string
  readonly origin: Origin
  readonly status: DossierStatus
  readonly content: DossierContent
  readonly finishedAt?: string
  readonly returnedAt?: string
  /** Lần bổ sung: the highest number that was told. */
  readonly supplementCount: number
  /** The numbers that were applied, in the order in which they were told. */
  readonly supplementNumbers: readonly number[]
  readonly results: readonly DocumentContent[]
  readonly landRegistration: boolean
  /** The registry has it (it was born there, or acknowledged it): then the registry owns the due date. */
  readonly registryHolds: boolean
  /** Event time of the last applied message of each system. */
  readonly lastAppliedAt: Partial<Record<Origin, string>>
  /** Event time of the last change of the due date. */
  readonly dueChangedAt?: string
  /** Event time of the last supplement whose due date was handed on to the registry. */
  readonly dueProposedAt?: string
}

/** What one message changes. Fields that are absent stay as they are. */
export interface DossierChange {
  /** Told to the other systems by the routing rules, in this order. */
  readonly events: readonly DossierEventKind[]
  readonly status?: DossierStatus
  readonly dueAt?: string
  /** A new due date that is handed on to the registry, which decides it. */
  readonly proposedDueAt?: string
  /** The sender told a due date that is not its to decide: it is told the one in force. */
  readonly overruled?: boolean
  readonly content?: DossierContent
  readonly documents?: { readonly role: 'SUPPLEMENT' | 'REQUEST' | 'RESULT'; readonly items: readonly DocumentContent[] }
  readonly notices?: readonly TaxNoticeContent[]
  readonly finishedAt?: string
  readonly returnedAt?: string
  /** Hình thức trả kết quả. */
  readonly returnMethod?: 'DESK' | 'POST'
  /** Lần bổ sung of this very supplement, which need not be the highest. */
  readonly supplementNo?: number
  /** Takes the place of what was told of the same fact before: its files too. */
  readonly corrects?: true
  readonly officer?: string
  /** Bước at the registry that was reported. */
  readonly step?: string
  readonly note: string
}

/**
 * Digest of what the source owns: the content without its version, and without the due date, which passes to the registry and so
 * differs at the same version without being another content. Reception counts to the second: not every system writes more.
 */
export const sourceDigestOf = ({ version: _version, dueAt: _dueAt, receivedAt, ...owned }: DossierContent): string =>
  digestOf({ ...owned, receivedAt: receivedAt.slice(0, 'yyyy-MM-ddTHH:mm:ss'.length) })
