import { Alert } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { consoleSettings } from '../session/console-settings.js'
import { LONGEST_TIMER_MS, useSession, useSessionState } from '../session/session.js'
import { useFormats } from '../text/format.js'

/** So long before the end of the session one is told. */
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
          {t(consoleSettings.signIn ? 'session.provider.ending' : 'session.ending', { at: clock(expiresAt) })}
        </Alert>
      )}
    </div>
  )
}
