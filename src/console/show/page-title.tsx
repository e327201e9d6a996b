import { Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

/** The heading of a page: names the tab of the browser, and takes the focus so that a screen reader hears that the page has changed. */
export const PageTitle = ({ text, children }: { readonly text: string; readonly children?: ReactNode }) => {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  const app = t('app.name')
  useEffect(() => {
    document.title = `${text} - ${app}`
  }, [text, app])
  useEffect(() => {
    const { activeElement } = document
    if (activeElement === null || activeElement === document.body || activeElement.closest('nav')) heading.current?.focus()
  }, [])
  return (
    <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ outline: 'none', overflowWrap: 'anywhere' }}>
      {text}
      {children}
    </Title>
  )
}
