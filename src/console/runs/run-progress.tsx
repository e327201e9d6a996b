import { Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RunFactsFragment } from '../generated/graphql.js'
import { useFormats } from '../text/format.js'
import { saidIn } from '../text/said.js'

/** How far a run is, how long it will take, and for what it waits. */
export const RunProgress = ({ run }: { readonly run: RunFactsFragment }) => {
  const { t } = useTranslation()
  const { count, duration, moment } = useFormats()
  const done = t('run.progress', { share: count(Math.floor(run.share * 100)) })
  const left = typeof run.remainingSeconds === 'number' ? `, ${t('run.remaining', { time: duration(run.remainingSeconds) })}` : ''
  return (
    <div>
      <Progress value={run.share * 100} aria-label={done} />
      <Text size="xs" mt={4}>
        {done}
        {left}
        {run.waitsFor && (
          <span lang={saidIn(run.waitsFor)}>
            . {t('run.waits', { what: run.waitsFor })} {run.resumeAt && t('run.until', { at: moment(run.resumeAt) })}
          </span>
        )}
      </Text>
    </div>
  )
}
