import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../text/format.js'

const TICK_MS = 15_000

const useTicks = (): void => {
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), TICK_MS)
    return () => clearInterval(timer)
  }, [])
}

/** For how long something has been as it is, growing by itself; since when exactly, when one points at it. */
export const Lasting = ({ since }: { readonly since: string }) => {
  const { t } = useTranslation()
  const formats = useFormats()
  useTicks()
  const seconds = Math.max(0, Date.now() - new Date(since).getTime()) / 1_000
  return (
    <time dateTime={since} title={formats.moment(since)}>
      {t('common.lasting', { time: formats.duration(seconds) })}
    </time>
  )
}

/** How long ago, growing by itself; the exact time when one points at it. */
export const Ago = ({ at }: { readonly at: string }) => {
  const formats = useFormats()
  useTicks()
  return (
    <time dateTime={at} title={formats.moment(at)}>
      {formats.relative(at)}
    </time>
  )
}

export const Moment = ({ at, only }: { readonly at: string; readonly only?: 'day' }) => {
  const formats = useFormats()
  return (
    <time dateTime={at} title={formats.moment(at)}>
      {only === 'day' ? formats.day(at) : formats.moment(at)}
    </time>
  )
}
