/**
 * Typed documents of the console, made from the operations that stand beside the pages and the published schema.
 *
 * @type {import('@graphql-codegen/cli').CodegenConfig}
 */
export default {
  schema: 'schema/gateway.graphql',
  documents: 'src/console/**/*.graphql',
  generates: {
    'src/console/generated/': {
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
