import { Alert, Anchor, Button, Card, Group, List, NumberInput, Radio, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { useClient, useQuery } from 'urql'
import { asDocument } from '../data/documents.js'
import {
  CauseDocument,
  CreatePlanDocument,
  PlanPreviewDocument,
  type ReplayPlanKind,
  type TransferFilterInput,
} from '../generated/graphql.js'
import { useActAnswer } from '../show/act-answer.js'
import { ActDialog } from '../show/act-dialog.js'
import { Failure } from '../show/failure.js'
import { Loading } from '../show/loading.js'
import { PageTitle } from '../show/page-title.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'
import { leftOut, readFilter, toFilterInput, writeFilter } from '../transfers/filter-address.js'
import { ForbiddenApplicant, useForbidsApplicant } from '../transfers/forbidden-applicant.js'

const numberOrNull = (value: number | string): number | null => (typeof value === 'number' ? value : null)

/** What would be frozen if the plan were made now. */
const Preview = ({ filter, address }: { readonly filter: TransferFilterInput; readonly address: string }) => {
  const { t } = useTranslation()
  const { count } = useFormats()
  const [{ data, error }, again] = useQuery({ query: asDocument(PlanPreviewDocument), variables: { filter } })
  const [cause] = useQuery({ query: asDocument(CauseDocument), variables: { id: filter.causes?.[0] ?? '' }, pause: !filter.causes })
  if (error) return <Failure error={error} again={again} />
  if (!data) return <Loading height={100} />
  const { count: matching, countIsExact, approvalAbove, byOutcome } = data.replayPlanPreview
  return (
    <Card component="section" aria-labelledby="preview">
      <Title order={2} size="h4" id="preview">
        <Anchor component={Link} to={`/transfers?${address}`} inherit>
          {t('plan.preview', { n: countIsExact ? count(matching) : t('common.atLeast', { n: count(matching) }) })}
        </Anchor>
      </Title>
      {cause.data?.cause && (
        <Text size="sm">
          {t('cause.one')}: <span lang={saidIn(cause.data.cause.title)}>{cause.data.cause.title}</span>
        </Text>
      )}
      {matching === 0 && <Text size="sm">{t('plan.nothing')}</Text>}
      {!countIsExact && (
        <Alert color="orange" variant="outline" p="xs" mt="xs">
          {t('plan.tooMany')}
        </Alert>
      )}
      <Text size="sm">{t(matching > approvalAbove ? 'plan.approvalNeeded' : 'plan.approvalAbove', { n: count(approvalAbove) })}</Text>
      <List size="sm" listStyleType="none">
        {byOutcome.map(({ state, count: many }) => (
          <List.Item key={state}>
            {t(`transfer.state.${state}`)}: {count(many)}
          </List.Item>
        ))}
      </List>
    </Card>
  )
}

const SHORTEST_NAME = 3
const KINDS = ['REPLAY', 'SUPERSEDE'] as const satisfies readonly ReplayPlanKind[]

const Form = ({ filter }: { readonly filter: TransferFilterInput }) => {
  const { t } = useTranslation()
  const client = useClient()
  const answerOf = useActAnswer()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<ReplayPlanKind>('REPLAY')
  const [perSecond, setPerSecond] = useState<number | string>('')
  const [windowFrom, setWindowFrom] = useState('')
  const [windowTo, setWindowTo] = useState('')
  const [stopPercent, setStopPercent] = useState<number | string>(20)
  const [stopAfterSettled, setStopAfterSettled] = useState<number | string>(20)
  const [asking, setAsking] = useState(false)
  const halfWindow = (windowFrom === '') !== (windowTo === '')
  /** As the gateway would refuse it: nobody sees whether all day is meant. */
  const emptyWindow = windowFrom !== '' && windowFrom === windowTo
  const isShort = name.trim().length < SHORTEST_NAME
  const share = numberOrNull(stopPercent)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!isShort && !halfWindow && !emptyWindow) setAsking(true)
      }}
    >
      <Stack>
        <TextInput
          label={t('plan.name')}
          description={t('plan.nameHint')}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          minLength={SHORTEST_NAME}
          maxLength={120}
          required
          maw={480}
        />
        <Radio.Group label={t('plan.kind')} value={kind} onChange={(value) => setKind(KINDS.find((one) => one === value) ?? 'REPLAY')}>
          <Stack gap="xs" mt={4}>
            {KINDS.map((one) => (
              <Radio key={one} value={one} label={t(`plan.kinds.${one}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} maw={860} style={{ alignItems: 'end' }}>
          <NumberInput
            label={t('plan.perSecond')}
            description={t('plan.perSecondHint')}
            value={perSecond}
            onChange={setPerSecond}
            min={0.1}
            max={1_000}
          />
          <NumberInput
            label={t('plan.stopShare')}
            description={t('plan.stopShareHint')}
            value={stopPercent}
            onChange={setStopPercent}
            min={0}
            max={100}
          />
          <NumberInput
            label={t('plan.stopAfter')}
            value={stopAfterSettled}
            onChange={setStopAfterSettled}
            min={1}
            max={100_000}
            allowDecimal={false}
          />
          <TextInput
            type="time"
            label={t('plan.windowFrom')}
            value={windowFrom}
            onChange={({ currentTarget }) => setWindowFrom(currentTarget.value)}
          />
          <TextInput
            type="time"
            label={t('plan.windowTo')}
            value={windowTo}
            onChange={({ currentTarget }) => setWindowTo(currentTarget.value)}
            error={(halfWindow && t('plan.windowBoth')) || (emptyWindow && t('plan.windowEmpty'))}
          />
        </SimpleGrid>
        <Group>
          <Button type="submit" disabled={isShort || halfWindow || emptyWindow}>
            {t('plan.create')}
          </Button>
        </Group>
      </Stack>
      {asking && (
        <ActDialog
          title={t('plan.create')}
          lead={t('plan.createLead')}
          submit={t('plan.create')}
          act={async (given) => {
            const input = {
              ...given,
              filter,
              name: name.trim(),
              kind,
              perSecond: numberOrNull(perSecond),
              stopAtFailureShare: share === null ? null : share / 100,
              stopAfterSettled: numberOrNull(stopAfterSettled) ?? 20,
              ...(windowFrom !== '' && { windowFrom, windowTo }),
            }
            const { data, error } = await client.mutation(asDocument(CreatePlanDocument), { input })
            return answerOf(data?.acted, error, {
              done: ({ plan }) => {
                void navigate(`/plans/${plan.id}`)
                return t('plan.made')
              },
            })
          }}
          onDone={(sentence) => notifications.show({ message: sentence, color: 'green' })}
          onClose={() => setAsking(false)}
        />
      )}
    </form>
  )
}

/** A plan of all that a filter matches: the filter stands in the address, as on the list of transfers and in a cause's link. */
const NewPlanPage = () => {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const listFilter = readFilter(search)
  const address = writeFilter(listFilter)
  const unread = leftOut(search)
  const drop = (): void => setSearch(new URLSearchParams(writeFilter({ ...listFilter, applicant: undefined })))
  if (useForbidsApplicant(listFilter))
    return (
      <Stack>
        <PageTitle text={t('plan.create')} />
        <ForbiddenApplicant onDrop={drop} />
      </Stack>
    )
  return (
    <Stack>
      <PageTitle text={t('plan.create')} />
      <Text size="sm">{t('plan.createLead')}</Text>
      {address === '' || unread.length > 0 ? (
        <>
          <Text>{unread.length > 0 ? t('list.leftOut', { names: unread.join(', ') }) : t('plan.noFilter')}</Text>
          <Group>
            <Button component={Link} to="/transfers" variant="default">
              {t('plan.toTransfers')}
            </Button>
            <Button component={Link} to="/causes" variant="default">
              {t('cause.all')}
            </Button>
          </Group>
        </>
      ) : (
        <>
          <Preview filter={toFilterInput(listFilter)} address={address} />
          <Form filter={toFilterInput(listFilter)} />
        </>
      )}
    </Stack>
  )
}

export default NewPlanPage
