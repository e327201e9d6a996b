import { useEffect, useState } from 'react'
import { useFormats } from '../text/format.js'

const TICK_MS = 15_000

/** How long ago, growing by itself; the exact time when one points at it. */
export const Ago = ({ at }: { readonly at: string }) => {
  const formats = useFormats()
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), TICK_MS)
    return () => clearInterval(timer)
  }, [])
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
