import { procedureKey } from '../../src/model/dossier-code.js'
import type { UnitRef } from '../../src/model/dossier-content.js'
import type { MappingKind, Mappings } from '../../src/ports/mappings.js'
import { NotSendable } from './not-sendable.js'

/**
 * Our codes in ViLIS's words and back, on a given day. Outwards a missing row stops the sending, with its name. Inwards a code
 * without a row is marked with {@link UNMAPPED}: it is then none of our codes, so that the inbox refuses it by name, and a commune
 * code of theirs is never taken for one of ours that happens to have the same digits.
 */
const UNMAPPED = 'VILIS:'

const KIND_NAMES: Record<MappingKind, string> = { PROCEDURE: 'thủ tục', COMMUNE: 'đơn vị hành chính', USER: 'cán bộ' }

export class Codes {
  constructor(private readonly mappings: Mappings) {}

  process(procedureCode: string, onDate: string): Promise<string> {
    return this.foreign('PROCEDURE', procedureKey(procedureCode), onDate)
  }

  commune(unit: UnitRef, onDate: string): Promise<string> {
    return this.foreign('COMMUNE', `${unit.code}@${unit.validFrom}`, onDate)
  }

  /** For reads: a commune that has ended has no row for today, and is still known by the one of its own days. */
  async communeThenOrNow(unit: UnitRef, today: string): Promise<string> {
    const now = await this.mappings.toForeign('VILIS', 'COMMUNE', `${unit.code}@${unit.validFrom}`, today)
    return now ?? this.commune(unit, unit.validFrom)
  }

  /** For reads: our code in the meaning that is in force. */
  communeInForce(code: string, today: string): Promise<string> {
    return this.foreign('COMMUNE', code, today)
  }

  account(user: string, onDate: string): Promise<string> {
    return this.foreign('USER', user, onDate)
  }

  async ourProcedure(process: string, onDate: string): Promise<string> {
    return (await this.mappings.toOurs('VILIS', 'PROCEDURE', process, onDate)) ?? `${UNMAPPED}${process}`
  }

  async ourCommune(commune: string, onDate: string): Promise<string> {
    const ours = await this.mappings.toOurs('VILIS', 'COMMUNE', commune, onDate)
    return ours === null ? `${UNMAPPED}${commune}` : withoutDate(ours)
  }

  /**
   * Our communes of each day for these codes of theirs, with one look-up a code: none where no mapping is in force on that day; of two mappings the one that began
   * later; several where one code of theirs began to stand for several of ours on the same day.
   */
  async ourCommunesOf(communes: Iterable<string>): Promise<(commune: string, onDate: string) => readonly string[]> {
    const known = new Map<string, Awaited<ReturnType<Mappings['meaningsOf']>>>()
    for (const commune of new Set(communes)) known.set(commune, await this.mappings.meaningsOf('VILIS', 'COMMUNE', commune))
    return (commune, onDate) => {
      const inForce = (known.get(commune) ?? []).filter(
        ({ validFrom, validTo }) => validFrom <= onDate && (validTo === null || onDate <= validTo),
      )
      const newest = inForce.filter(({ validFrom }) => validFrom === inForce[0]?.validFrom)
      return [...new Set(newest.map(({ ourCode }) => withoutDate(ourCode)))]
    }
  }

  /** An account that we do not know keeps their name: an unknown officer never stops a message. */
  async ourUser(account: string, onDate: string): Promise<string> {
    return (await this.mappings.toOurs('VILIS', 'USER', account, onDate)) ?? account
  }

  private async foreign(kind: MappingKind, ourCode: string, onDate: string): Promise<string> {
    const theirs = await this.mappings.toForeign('VILIS', kind, ourCode, onDate)
    if (theirs !== null) return theirs
    const reason = `Chưa có ánh xạ ${KIND_NAMES[kind]} “${ourCode}” sang ViLIS cho ngày ${onDate}.`
    throw new NotSendable('MAPPING_MISSING', reason, `${kind}:${ourCode}`)
  }
}

/** A commune's key is `code@validFrom`. */
const withoutDate = (key: string): string => key.split('@')[0] ?? key
