import { Anchor, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { asDocument } from '../data/documents.js'
import { usePages } from '../data/use-pages.js'
import { RunsDocument, type RunsQuery } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { RunBadge } from '../show/badges.js'
import { Moment } from '../show/moment.js'
import { PageTitle } from '../show/page-title.js'
import { PagedList } from '../show/paged-list.js'
import { WideTable } from '../show/wide-table.js'
import { useFormats } from '../text/format.js'
import { StartRunDialog } from './run-acts.js'
import { RunProgress } from './run-progress.js'

const Runs = asDocument(RunsDocument)
const EVERY_MS = 3_000
const runsOf = ({ reconciliationRuns }: RunsQuery) => reconciliationRuns

/** All runs, newest first. */
const RunsPage = () => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const mayAct = useMay('actOnDiscrepancies')
  const [starting, setStarting] = useState(false)
  const pages = usePages(Runs, {}, runsOf, { everyMs: EVERY_MS })
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
      <PagedList pages={pages} none={t('run.none')}>
        {(rows) => (
          <WideTable
            label={t('run.title')}
            minWidth={640}
            heads={[t('run.scope'), t('run.state'), t('run.found'), t('run.range'), t('run.by')]}
          >
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
                <Table.Td>{count(run.findings.reduce((sum, { found }) => sum + found, 0))}</Table.Td>
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
          </WideTable>
        )}
      </PagedList>
      {starting && (
        <StartRunDialog
          onDone={() => {
            setStarting(false)
            pages.again()
          }}
          onClose={() => setStarting(false)}
        />
      )}
    </Stack>
  )
}

export default RunsPage
