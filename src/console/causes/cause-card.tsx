import { Anchor, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { CauseFactsFragment } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { SideBadge } from '../show/badges.js'
import { Fact, Facts } from '../show/fact.js'
import { Ago, Moment } from '../show/moment.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'
import { NoteDialog } from './note-dialog.js'

interface CauseCardProps {
  readonly cause: CauseFactsFragment
  readonly again: () => void
  /** What to do stands above it already, in the same words. */
  readonly isAdvised?: boolean
}

/** One cause: how many wait because of it, whose side it is on, what helps, and what somebody noted about it. */
export const CauseCard = ({ cause, again, isAdvised = false }: CauseCardProps) => {
  const { t } = useTranslation()
  const { count, moment } = useFormats()
  const mayAct = useMay('actOnTransfers')
  const [noting, setNoting] = useState(false)
  const { id, openCount, note, remedy } = cause
  const amount = (value: number, isExact: boolean): string => (isExact ? count(value) : t('common.atLeast', { n: count(value) }))
  const listOf = `/transfers?cause=${id}`
  return (
    <Card component="section" aria-labelledby={`cause-${id}`}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start" gap="xs">
          <Title order={2} size="h4" id={`cause-${id}`} lang={saidIn(cause.title)} style={{ overflowWrap: 'anywhere' }}>
            {cause.title}
          </Title>
          <SideBadge side={cause.side} />
        </Group>
        <Text size="sm">
          {t(`system.name.${cause.systemId}`)}, {t(`transfer.operation.${cause.operation}`)}
        </Text>
        {!isAdvised && (
          <Text size="sm">
            <strong>{t('transfer.nextStep')}</strong> <span lang={saidIn(cause.nextStep)}>{cause.nextStep}</span>
          </Text>
        )}
        <Facts>
          <Fact name={t('cause.open')}>
            <Anchor component={Link} to={listOf} size="sm">
              {amount(openCount, cause.openCountIsExact)}
            </Anchor>
          </Fact>
          <Fact name={t('cause.total')}>{amount(cause.totalCount, cause.totalCountIsExact)}</Fact>
          <Fact name={t('cause.firstSeen')}>
            <Moment at={cause.firstSeenAt} />
          </Fact>
          <Fact name={t('cause.lastSeen')}>
            <Ago at={cause.lastSeenAt} />
          </Fact>
          <Fact name={t('cause.code')}>{cause.code}</Fact>
          <Fact name={t('transfer.field')}>{cause.field}</Fact>
        </Facts>
        {(note || remedy) && (
          <div>
            {note && (
              <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                <strong>{t('cause.note')}:</strong> {note}
              </Text>
            )}
            {remedy && (
              <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                <strong>{t('cause.remedy')}:</strong> {remedy}
              </Text>
            )}
            {cause.notedBy && cause.notedAt && (
              <Text size="xs">{t('cause.notedBy', { by: cause.notedBy, at: moment(cause.notedAt) })}</Text>
            )}
          </div>
        )}
        {mayAct && (
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={() => setNoting(true)}>
              {t('cause.edit')}
            </Button>
            {openCount > 0 && (
              <Button size="xs" component={Link} to={`/plans/new?cause=${id}`}>
                {t('cause.plan')}
              </Button>
            )}
            <Button size="xs" variant="default" component={Link} to={`/audit?cause=${id}`}>
              {t('cause.trail')}
            </Button>
          </Group>
        )}
      </Stack>
      {noting && (
        <NoteDialog
          cause={cause}
          onDone={(sentence) => {
            setNoting(false)
            notifications.show({ message: sentence, color: 'green' })
            again()
          }}
          onClose={() => setNoting(false)}
        />
      )}
    </Card>
  )
}
