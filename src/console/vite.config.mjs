import { fileURLToPath } from 'node:url'

const folder = (path) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The console's build, and the citizens' look-up page beside it, which shares nothing with it. Nothing is inlined into the page, so that its content security policy needs no exception; the placeholder of the nonce is
 * filled for each answer (`src/api/console-routes.ts`).
 *
 * @type {import('vite').UserConfig}
 */
export default {
  root: folder('.'),
  base: '/console/',
  publicDir: 'public',
  html: { cspNonce: '{{nonce}}' },
  build: {
    outDir: folder('../../dist/console'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: [folder('index.html'), folder('tra-cuu.html')] },
    sourcemap: false,
    target: 'es2022',
    // The chart library alone is larger; it is loaded when the overview asks for it.
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { '/graphql': { target: 'http://127.0.0.1:4000', ws: true } } },
}
