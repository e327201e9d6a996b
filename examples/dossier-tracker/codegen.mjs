import { createHash } from 'node:crypto'

/**
 * Typed documents for the operations of this app: `graphql-codegen --config codegen.mjs`. The paths are those of the folder from which it
 * runs; in an app of your own, point `schema` to a copy of the gateway's schema, or to the address of a gateway that allows introspection.
 *
 * @type {import('@graphql-codegen/cli').CodegenConfig}
 */
export default {
  schema: 'schema/gateway.graphql',
  documents: 'examples/dossier-tracker/*.graphql',
  generates: {
    'examples/dossier-tracker/generated/': {
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        // The list of operations to register with a gateway that runs no other: SHA-256 of the text → text.
        persistedDocuments: { hashAlgorithm: (text) => createHash('sha256').update(text).digest('hex') },
      },
      config: {
        // Documents are texts: nothing of `graphql` is needed at run time.
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        importExtension: '.js',
        // Exact decimals, instants and dates travel as text and stay text: a number would lose digits, a Date its offset.
        scalars: { Date: 'string', DateTime: 'string', Decimal: 'string', Long: 'string' },
        // A scalar that is not named above has to be looked at before its value is used.
        defaultScalarType: 'unknown',
      },
    },
  },
}
