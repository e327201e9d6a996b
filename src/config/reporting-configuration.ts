import { z } from 'zod'

/** Sổ thời gian liên thông and what is told from it. */
const workingDays = z.number().positive().max(1_000).nullable()

export const reportingConfiguration = z
  .strictObject({
    /** How often each worker looks for dossiers whose account has changed. */
    everyMs: z.number().int().min(200).max(3_600_000).default(10_000),
    /**
     * Without retries by the machine somebody would look through what failed once in so many hours of the office, and send it again: what retries have saved is told against
     * that (`model/ledger-outcome.ts`). Default: once each working day.
     */
    resendByHandHours: z.number().min(0.25).max(80).default(8),
    /**
     * Thời hạn nội bộ của một bước, working days, for the ISO 9001 process record; null: none is set. The tax office's five days stand in a registration office's own
     * program and are no confirmed rule: a district sets its own.
     */
    stepLimitDays: z
      .strictObject({
        DESK: workingDays.default(null),
        REGISTRY: workingDays.default(null),
        TAX: workingDays.default(5),
        APPLICANT: workingDays.default(null),
        INTERLINK: workingDays.default(null),
      })
      .prefault({}),
    letter: z
      .strictObject({
        /** Cơ quan ban hành phiếu; absent: Ủy ban nhân dân of the commune that receives today. */
        agency: z.string().min(3).max(200).optional(),
        /** Cơ quan chủ quản, above it. */
        parentAgency: z.string().min(3).max(200).optional(),
        /** Địa danh before the date; absent: the commune's name. */
        place: z.string().min(2).max(100).optional(),
        /** After the number: 12/PXL. */
        symbol: z.string().min(1).max(30).default('PXL'),
      })
      .prefault({}),
  })
  .prefault({})
