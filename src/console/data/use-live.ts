import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core'
import { useEffect, useRef } from 'react'
import { followLive } from './live.js'

/** Follows a subscription while the page is shown. */
export const useLive = <Data, Variables extends Record<string, unknown>>(
  document: DocumentTypeDecoration<Data, Variables> & { toString(): string },
  variables: Variables,
  next: (data: Data) => void,
): void => {
  const tell = useRef(next)
  tell.current = next
  const key = JSON.stringify(variables)
  useEffect(() => followLive(document, JSON.parse(key) as Variables, (data) => tell.current(data)), [document, key])
}
