import { Anchor, Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { asDocument } from '../data/documents.js'
import { usePages } from '../data/use-pages.js'
import { RunsDocument, type RunsQuery } from '../generated/graphql.js'
import { useMay } from '../session/permissions.js'
import { RunBadge } from '../show/badges.js'
import { Failure } from '../show/failure.js'
import { Moment } from '../show/moment.js'
import { PageTitle } from '../show/page-title.js'
import { StartRunDialog } from './run-acts.js'
import { RunProgress } from './run-progress.js'

const Runs = asDocument(RunsDocument)
const EVERY_MS = 3_000
const runsOf = ({ reconciliationRuns }: RunsQuery) => reconciliationRuns

/** All runs, newest first. */
const RunsPage = () => {
  const { t } = useTranslation()
  const mayAct = useMay('actOnDiscrepancies')
  const [starting, setStarting] = useState(false)
  const { rows, hasMore, loading, error, more, again } = usePages(Runs, {}, runsOf, { everyMs: EVERY_MS })
  return (
    <Stack>
      <Group justify="space-between" align="baseline">
        <PageTitle text={t('run.title')} />
        {mayAct && (
          <Button size="xs" variant="default" onClick={() => setStarting(true)}>
            {t('run.start.name')}
          </Button>
        )}
      </Group>
      {error && <Failure error={error} again={again} />}
      {rows.length === 0 && loading && <Skeleton h={160} aria-label={t('common.loading')} />}
      {rows.length === 0 && !loading && !error && <Text>{t('run.none')}</Text>}
      {rows.length > 0 && (
        <Table.ScrollContainer minWidth={640} type="native" tabIndex={0} role="region" aria-label={t('run.title')}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('run.scope')}</Table.Th>
                <Table.Th>{t('run.state')}</Table.Th>
                <Table.Th>{t('run.range')}</Table.Th>
                <Table.Th>{t('run.by')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((run) => (
                <Table.Tr key={run.id}>
                  <Table.Td>
                    <Anchor component={Link} to={`/runs/${run.id}`} size="sm">
                      {t(`run.scopes.${run.scope}`)}
                    </Anchor>
                    <Text size="xs">{run.systems.map((id) => t(`system.short.${id}`)).join(', ')}</Text>
                  </Table.Td>
                  <Table.Td>
                    <RunBadge state={run.state} />
                    {(run.state === 'RUNNING' || run.state === 'PAUSED') && <RunProgress run={run} />}
                  </Table.Td>
                  <Table.Td>
                    <Moment at={run.from} only="day" /> - <Moment at={run.to} only="day" />
                  </Table.Td>
                  <Table.Td>
                    {run.startedBy}
                    <Text size="xs">
                      <Moment at={run.createdAt} />
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {rows.length > 0 && hasMore && (
        <Group>
          <Button variant="default" size="xs" onClick={more} loading={loading}>
            {t('cause.more')}
          </Button>
        </Group>
      )}
      {starting && (
        <StartRunDialog
          onDone={() => {
            setStarting(false)
            again()
          }}
          onClose={() => setStarting(false)}
        />
      )}
    </Stack>
  )
}

export default RunsPage
