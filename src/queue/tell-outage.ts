import type { Logger } from '../platform/logger.js'
import type { StoreWatchOptions } from './store-watch.js'

/** One line when it begins, one a minute while it lasts, one when it is over; each says since when, and how many tries came to nothing. */
export const tellQueueOutage =
  (logger: Pick<Logger, 'warn' | 'error'>): StoreWatchOptions['onOutage'] =>
  ({ kind, since, failures, cause }) => {
    const fields = { queueStore: 'REDIS', since: since.toISOString(), failures, cause }
    const seconds = Math.round((Date.now() - since.getTime()) / 1_000)
    if (kind === 'BEGUN') logger.error(fields, 'hàng đợi không tới được (Redis): hồ sơ vẫn được nhận và nằm chờ trong bảng, sẽ thử lại')
    else if (kind === 'GOES_ON') logger.error(fields, `hàng đợi vẫn không tới được, đã ${seconds} giây`)
    else logger.warn(fields, `hàng đợi đã tới lại được, sau ${seconds} giây`)
  }
