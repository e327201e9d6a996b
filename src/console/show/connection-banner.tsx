import { Alert } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../data/connection.js'
import { useFormats } from '../text/format.js'

/** A connection that is back within this was not worth a word. */
const PATIENCE_MS = 1_500

/** Says that what stands on the page may be old, until changes are heard again. */
export const ConnectionBanner = () => {
  const { t } = useTranslation()
  const { clock } = useFormats()
  const { live, asking, lostAt } = useConnection()
  const [told, setTold] = useState(false)
  const lost = live === 'LOST'
  useEffect(() => {
    if (!lost) return setTold(false)
    const timer = setTimeout(() => setTold(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [lost])
  const failed = asking === 'FAILED'
  return (
    <div role="status">
      {(failed || (told && lostAt !== null)) && (
        <Alert color="orange" variant="outline" p="xs" mb="md">
          {lostAt !== null ? t('connection.lost', { at: clock(lostAt) }) : t('connection.failed')}
        </Alert>
      )}
    </div>
  )
}
