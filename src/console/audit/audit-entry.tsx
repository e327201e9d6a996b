import { Anchor, Card, Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { AuditPageQuery } from '../generated/graphql.js'
import { Moment } from '../show/moment.js'
import { saidIn } from '../text/said.js'
import { useActName } from './act-name.js'

type Entry = AuditPageQuery['auditEntries']['edges'][number]['node']

/** One act: who, when, what, why, upon what, and the values before and after. */
export const AuditEntryCard = ({ entry }: { readonly entry: Entry }) => {
  const { t } = useTranslation()
  const { nameOf } = useActName()
  const { at, actorLabel, act, actLabel, reason, systemId, dossierCode, transferId, planId, cause, changes } = entry
  const name = nameOf(act, actLabel)
  return (
    <Card component="li" padding="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Text size="xs">
          {actorLabel}, <Moment at={at} />
        </Text>
      </Group>
      <Text size="sm" lang={saidIn(reason)} style={{ overflowWrap: 'anywhere' }}>
        {reason}
      </Text>
      <Group gap="sm">
        {systemId && <Text size="xs">{t(`system.name.${systemId}`)}</Text>}
        {dossierCode && (
          <Anchor component={Link} to={`/dossiers/${encodeURIComponent(dossierCode)}`} size="xs">
            {dossierCode}
          </Anchor>
        )}
        {transferId && (
          <Anchor component={Link} to={`/transfers/${transferId}`} size="xs">
            {t('audit.transfer')} {transferId.slice(0, 8)}
          </Anchor>
        )}
        {planId && (
          <Anchor component={Link} to={`/plans/${planId}`} size="xs">
            {t('audit.plan')} {planId.slice(0, 8)}
          </Anchor>
        )}
        {cause && (
          <Anchor component={Link} to={`/causes/${cause.id}`} size="xs">
            {t('audit.cause')}: <span lang={saidIn(cause.title)}>{cause.title}</span>
          </Anchor>
        )}
      </Group>
      {changes.length > 0 && (
        <details>
          <summary>
            <Text size="xs" span>
              {t('audit.showChanges', { n: changes.length })}
            </Text>
          </summary>
          <Table.ScrollContainer minWidth={320} type="native" tabIndex={0} role="group" aria-label={`${t('audit.changes')}: ${name}`}>
            <Table verticalSpacing={2} fz="xs" layout="fixed">
              <Table.Thead>
                <Table.Tr>
                  <Table.Td />
                  <Table.Th>{t('audit.before')}</Table.Th>
                  <Table.Th>{t('audit.after')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {changes.map((change) => (
                  <Table.Tr key={change.name}>
                    <Table.Th scope="row">{change.label}</Table.Th>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>{change.beforeLabel}</Table.Td>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>{change.afterLabel}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </details>
      )}
    </Card>
  )
}
