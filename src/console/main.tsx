import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './shell/page.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { openSession } from './session/open-session.js'
import { App } from './shell/app.js'
import { willLoadAnew } from './show/load-page.js'
import { openTexts } from './text/texts.js'

/**
 * The operators' console: a front end of the GraphQL API like any other. The session decides whether the sign-in or the pages are shown; each
 * page reads its own data, hears of changes (`data/live.ts`) and is loaded when it is first opened.
 */
// What is loaded beside pages, such as the provider's library, may not come either.
window.addEventListener('vite:preloadError', () => void willLoadAnew())

openSession()
await openTexts()

const root = document.querySelector('#root')
if (!root) throw new Error('the page has no root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
