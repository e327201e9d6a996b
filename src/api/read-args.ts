import { Arg, Int } from 'type-graphql'
import { READ_MODES, type ReadAsk, type ReadMode } from '../dossier/read-ask.js'
import { invalidInput } from '../errors.js'
import { describedEnum } from './enums.js'
import type { RequestContext } from './request-context.js'

const MODE_TEXTS: Record<ReadMode, string> = {
  LIVE: 'Hỏi hệ thống nguồn ngay bây giờ: one call for all who ask while it is under way, and another one for what is known to have changed since it began',
  CACHED: 'Lấy giá trị vừa đọc còn trong thời hạn; what is past it is given at once while it is being read again',
  SNAPSHOT: 'Bản ghi đọc gần nhất trong cơ sở dữ liệu: no other system is asked',
}
const ReadModeEnum = describedEnum('ReadMode', 'Cách đọc - how new a part has to be that lives in another system', READ_MODES, MODE_TEXTS)

const WAIT =
  'Thời gian chờ nhiều nhất, ms - when the source is slower, the last value known is given (`freshness.state` LATE) and the reading goes on for the next one who asks. Left out: three seconds with CACHED unless it is configured otherwise, with LIVE as long as the source may take'

/** How a caller wants a part read that another system has to tell. Two plain arguments: a class of them would be checked again for each part of a list. */
export const ReadArg = (): ReturnType<typeof Arg> =>
  Arg('read', () => ReadModeEnum, { defaultValue: 'CACHED', description: 'Cách đọc - how new it has to be' })
export const MaxWaitArg = (): ReturnType<typeof Arg> => Arg('maxWaitMs', () => Int, { nullable: true, description: WAIT })

/** Throws INVALID_INPUT for a wait beyond the configured bound. */
export const askOf = (mode: ReadMode, maxWaitMs: number | null | undefined, { deps }: RequestContext): ReadAsk => {
  const most = deps.limits.maxWaitMs
  if (maxWaitMs != null && (maxWaitMs < 0 || maxWaitMs > most))
    throw invalidInput('MAX_WAIT_OUT_OF_BOUNDS', 'maxWaitMs', `Thời gian chờ phải từ 0 đến ${most} ms.`)
  return { mode, maxWaitMs: maxWaitMs ?? (mode === 'CACHED' ? deps.limits.usualWaitMs : null) ?? undefined }
}
