import { useTranslation } from 'react-i18next'
import { useFormats } from '../text/format.js'

const HOUR = 3_600
/** Working days are the office's days of eight hours. */
const DAY = 8 * HOUR

/** Working time as people count it: minutes below two hours, hours below two days, else working days. */
export const useWorkingTime = (): ((seconds: number) => string) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  return (seconds) => {
    if (seconds < 2 * HOUR) return t('ledger.minutes', { n: count(Math.round(seconds / 60)) })
    return seconds < 2 * DAY ? t('ledger.hours', { n: count(seconds / HOUR) }) : t('ledger.days', { n: count(seconds / DAY) })
  }
}
