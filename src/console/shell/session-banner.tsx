import { Alert } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LONGEST_TIMER_MS, useSession, useSessionState } from '../session/session.js'
import { useFormats } from '../text/format.js'

/** What is being typed is gone with the session: so long before its end one is told. */
const LEAD_MS = 300_000

/** Says in time that a session ends which nothing renews. */
export const SessionBanner = () => {
  const { t } = useTranslation()
  const { clock } = useFormats()
  const { expiresAt } = useSession()
  const renews = useSessionState().grant?.refreshToken !== undefined
  const [isNear, setIsNear] = useState(false)
  useEffect(() => {
    setIsNear(false)
    const leftMs = expiresAt - LEAD_MS - Date.now()
    if (leftMs > LONGEST_TIMER_MS) return
    const timer = setTimeout(() => setIsNear(true), leftMs)
    return () => clearTimeout(timer)
  }, [expiresAt])
  return (
    <div role="status">
      {isNear && !renews && (
        <Alert color="orange" variant="outline" p="xs" mb="md">
          {t('session.ending', { at: clock(expiresAt) })}
        </Alert>
      )}
    </div>
  )
}
