import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core'
import type { TypedDocumentNode } from 'urql'

/** A generated document in the words of urql, which takes texts too but does not see their types. */
export const asDocument = <Data, Variables extends Record<string, unknown>>(
  document: DocumentTypeDecoration<Data, Variables> & { toString(): string },
): TypedDocumentNode<Data, Variables> => document.toString() as unknown as TypedDocumentNode<Data, Variables>
