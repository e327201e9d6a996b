import { Badge, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { useLive } from '../data/use-live.js'
import { AlertChangesDocument, OpenAlertCountDocument } from '../generated/graphql.js'
import { useFormats } from '../text/format.js'

const OpenAlertCount = asDocument(OpenAlertCountDocument)
/** Beside the subscription, which a lost connection interrupts. */
const EVERY_MS = 60_000

/** How many alerts are open, on every page. */
export const AlertBell = () => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const { data, again } = useFresh(OpenAlertCount, {}, { everyMs: EVERY_MS })
  useLive(AlertChangesDocument, {}, again)
  const open = data?.alerts.totalCount ?? 0
  return (
    <UnstyledButton
      component={Link}
      to="/alerts"
      aria-label={t('alert.bell', { n: count(open) })}
      title={t('alert.bell', { n: count(open) })}
      p={4}
      display="inline-flex"
      style={{ alignItems: 'center', flexShrink: 0 }}
    >
      <svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true">
        <path d="M6 9a6 6 0 0 1 12 0c0 6 2 8 2 8H4s2-2 2-8M10 21h4" />
      </svg>
      {open > 0 && (
        <Badge color="red" variant="filled" size="sm" px={6} ml={2} aria-hidden="true">
          {count(open)}
        </Badge>
      )}
    </UnstyledButton>
  )
}
