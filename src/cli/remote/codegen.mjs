/**
 * Typed documents of what the command line asks a gateway (`generated/`), as `bootstrap/documents.mjs` makes them.
 *
 * @type {import('@graphql-codegen/cli').CodegenConfig}
 */
export default {
  schema: 'schema/gateway.graphql',
  documents: 'src/cli/remote/*.graphql',
  generates: {
    'src/cli/remote/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        importExtension: '.js',
        scalars: { Date: 'string', DateTime: 'string', Decimal: 'string', Long: 'string' },
        defaultScalarType: 'unknown',
      },
    },
  },
}
