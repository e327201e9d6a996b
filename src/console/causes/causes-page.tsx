import { Anchor, Checkbox, Group, MultiSelect, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import { readChosen } from '../data/conditions-address.js'
import { asDocument } from '../data/documents.js'
import { useFresh } from '../data/use-fresh.js'
import { usePages } from '../data/use-pages.js'
import { CauseDocument, type CauseSide, CausesDocument, type CausesQuery, type SystemId } from '../generated/graphql.js'
import { Failure } from '../show/failure.js'
import { Loading } from '../show/loading.js'
import { PageTitle } from '../show/page-title.js'
import { PagedList } from '../show/paged-list.js'
import { useFormats } from '../text/format.js'
import { SYSTEMS } from '../transfers/filter-address.js'
import { CauseCard } from './cause-card.js'

const Causes = asDocument(CausesDocument)
const Cause = asDocument(CauseDocument)
const SIDES = ['THEIRS', 'NETWORK', 'OURS', 'DATA', 'DESK', 'UNKNOWN'] as const satisfies readonly CauseSide[]
const EVERY_MS = 15_000

const causesOf = ({ causes }: CausesQuery) => causes

/** What fails, as a few causes instead of thousands of failures: most open transfers first. */
const CauseList = () => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const [address, setAddress] = useSearchParams()
  const systems: SystemId[] = readChosen(address, 'system', SYSTEMS)
  const sides: CauseSide[] = readChosen(address, 'side', SIDES)
  const openOnly = address.get('past') !== 'yes'
  const filter = { ...(systems.length > 0 && { systems }), ...(sides.length > 0 && { sides }), ...(openOnly && { openOnly }) }
  const pages = usePages(Causes, { filter }, causesOf, { everyMs: EVERY_MS })
  const { data, again } = pages
  const set = (key: string, value: string): void => {
    const next = new URLSearchParams(address)
    if (value === '') next.delete(key)
    else next.set(key, value)
    setAddress(next)
  }
  return (
    <Stack>
      <Group justify="space-between" align="baseline">
        <PageTitle text={t('cause.title')} />
        <Text size="sm" role="status">
          {data && t('cause.count', { n: count(data.causes.totalCount) })}
        </Text>
      </Group>
      <Text size="sm">{t('cause.lead')}</Text>
      <Group align="flex-end" gap="sm">
        <MultiSelect
          size="xs"
          w={220}
          label={t('list.systems')}
          placeholder={systems.length === 0 ? t('list.any') : undefined}
          data={SYSTEMS.map((value) => ({ value, label: t(`system.short.${value}`) }))}
          value={systems}
          onChange={(value) => set('system', value.join(','))}
          clearable
        />
        <MultiSelect
          size="xs"
          w={220}
          label={t('cause.sides')}
          placeholder={sides.length === 0 ? t('list.any') : undefined}
          data={SIDES.map((value) => ({ value, label: t(`cause.side.${value}`) }))}
          value={sides}
          onChange={(value) => set('side', value.join(','))}
          clearable
        />
        <Checkbox
          size="sm"
          label={t('cause.openOnly')}
          checked={openOnly}
          onChange={({ currentTarget }) => set('past', currentTarget.checked ? '' : 'yes')}
        />
      </Group>
      <PagedList pages={pages} none={t('cause.none')}>
        {(rows) => rows.map((cause) => <CauseCard key={cause.id} cause={cause} again={again} />)}
      </PagedList>
    </Stack>
  )
}

const OneCause = ({ id }: { readonly id: string }) => {
  const { t } = useTranslation()
  const { data, error, again } = useFresh(Cause, { id }, { concerns: () => true, everyMs: EVERY_MS })
  return (
    <Stack>
      <PageTitle text={t('cause.one')} />
      {error && <Failure error={error} again={again} />}
      {!data && !error && <Loading height={160} />}
      {data?.cause && <CauseCard cause={data.cause} again={again} />}
      <Anchor component={Link} to="/causes" size="sm">
        {t('cause.all')}
      </Anchor>
    </Stack>
  )
}

const CausesPage = () => {
  const { id } = useParams()
  return id === undefined ? <CauseList /> : <OneCause key={id} id={id} />
}

export default CausesPage
