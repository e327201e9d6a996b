import { Anchor, Card, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { OneRunDocument, type OneRunQuery } from '../generated/graphql.js'
import { useMay } from '../session/use-may.js'
import { RunBadge } from '../show/badges.js'
import { Fact, Facts } from '../show/fact.js'
import { Failure } from '../show/failure.js'
import { Loading } from '../show/loading.js'
import { Moment } from '../show/moment.js'
import { PageTitle } from '../show/page-title.js'
import { WideTable } from '../show/wide-table.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'
import { RunActs } from './run-acts.js'
import { RunProgress } from './run-progress.js'

const One = asDocument(OneRunDocument)
const EVERY_MS = 2_000
const KB = 1_024
type Run = NonNullable<OneRunQuery['reconciliationRun']>

const COUNTS = ['compared', 'calls', 'bytes', 'examined', 'inFlight', 'unreadable', 'repairs'] as const

const Systems = ({ run }: { readonly run: Run }) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  return (
    <WideTable
      label={t('run.perSystem')}
      minWidth={720}
      heads={[t('run.perSystem'), t('run.state'), ...COUNTS.map((name) => t(`run.${name}`))]}
      isDense
    >
      {run.progress.map((one) => (
        <Table.Tr key={one.systemId}>
          <Table.Th scope="row">{t(`system.short.${one.systemId}`)}</Table.Th>
          <Table.Td>
            {t(`run.phase.${one.phase}`)}
            {one.waitsFor && (
              <Text size="xs" lang={saidIn(one.waitsFor)}>
                {one.waitsFor}
              </Text>
            )}
            {one.notes.map((note) => (
              <Text size="xs" lang={saidIn(note)} key={note}>
                {note}
              </Text>
            ))}
          </Table.Td>
          <Table.Td>{count(one.compared)}</Table.Td>
          <Table.Td>{count(one.calls)}</Table.Td>
          <Table.Td>{count(Math.ceil(one.bytes / KB))}</Table.Td>
          <Table.Td>{count(one.examined)}</Table.Td>
          <Table.Td>{count(one.inFlight)}</Table.Td>
          <Table.Td>{count(one.unreadable)}</Table.Td>
          <Table.Td>{count(one.repairsBegun)}</Table.Td>
        </Table.Tr>
      ))}
    </WideTable>
  )
}

/** Of a run that is done they say what its end says. */
const hasNotes = ({ state, progress }: Run): boolean => state === 'DONE' && progress.some(({ notes }) => notes.length > 0)

const FOUND = ['found', 'seen', 'verified', 'gone'] as const

const Findings = ({ run }: { readonly run: Run }) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  if (run.findings.length === 0) return <Text size="sm">{t('run.noFindings')}</Text>
  return (
    <>
      <WideTable
        label={t('run.findings')}
        minWidth={520}
        heads={[t('discrepancy.class'), t('discrepancy.system'), ...FOUND.map((name) => t(`run.${name}`)), t('run.repairs')]}
        isDense
      >
        {run.findings.map((one) => (
          <Table.Tr key={`${one.systemId}-${one.class}`}>
            <Table.Th scope="row">{t(`discrepancy.classes.${one.class}`)}</Table.Th>
            <Table.Td>{t(`system.short.${one.systemId}`)}</Table.Td>
            {FOUND.map((name) => (
              <Table.Td key={name}>{count(one[name])}</Table.Td>
            ))}
            <Table.Td>{count(one.repairsBegun)}</Table.Td>
          </Table.Tr>
        ))}
      </WideTable>
      {run.findings.some(({ found, seen }) => seen > found) && <Text size="xs">{t('run.seenBefore')}</Text>}
      <Anchor component={Link} to={`/discrepancies?run=${run.id}&state=SUSPECTED,OPEN,REPAIRING,IGNORED,VERIFIED,GONE`} size="sm">
        {t('run.show')}
      </Anchor>
    </>
  )
}

const OneRun = ({ id }: { readonly id: string }) => {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const mayAct = useMay('actOnDiscrepancies')
  const { data, error, again } = useFresh(One, { id }, { everyMs: EVERY_MS })
  const run = data?.reconciliationRun
  return (
    <Stack>
      <PageTitle text={run ? `${t('run.title')}: ${t(`run.scopes.${run.scope}`)}` : t('run.title')} />
      {error && <Failure error={error} again={again} />}
      {!run && !error && <Loading height={240} />}
      {run && (
        <>
          <Card>
            <Group gap="xs" mb="xs" justify="space-between">
              <RunBadge state={run.state} />
              {mayAct && <RunActs run={run} again={again} />}
            </Group>
            <RunProgress run={run} />
            <Facts>
              <Fact name={t('run.range')}>
                <Moment at={run.from} only="day" /> - <Moment at={run.to} only="day" />
              </Fact>
              <Fact name={t('run.by')}>{run.startedBy}</Fact>
              <Fact name={t('run.at')}>
                <Moment at={run.createdAt} />
              </Fact>
              <Fact name={t('common.reason')}>{run.reason}</Fact>
              <Fact name={t('run.because')}>{hasNotes(run) ? null : run.endedBecause}</Fact>
              <Fact name={t('run.finishedAt')}>{run.finishedAt && <Moment at={run.finishedAt} />}</Fact>
              <Fact name={t('run.lastAct')}>
                {run.lastActBy}, {moment(run.lastActAt)}
              </Fact>
            </Facts>
          </Card>
          <Card component="section" aria-labelledby="run-systems">
            <Title order={2} size="h4" id="run-systems" mb="xs">
              {t('run.perSystem')}
            </Title>
            <Systems run={run} />
          </Card>
          <Card component="section" aria-labelledby="run-findings">
            <Title order={2} size="h4" id="run-findings" mb="xs">
              {t('run.findings')}
            </Title>
            <Findings run={run} />
          </Card>
        </>
      )}
    </Stack>
  )
}

const RunPage = () => {
  const { id = '' } = useParams()
  return <OneRun key={id} id={id} />
}

export default RunPage
