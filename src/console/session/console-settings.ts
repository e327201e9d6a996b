import { type ConsoleSettings, readConsoleSettings } from '../../access/console-settings.js'

/** What the gateway has written into the page (`src/api/console-routes.ts`). A page that Vite itself serves holds the placeholder still. */
const read = (): ConsoleSettings => {
  const written = document.querySelector<HTMLMetaElement>('meta[name="lienthong-settings"]')?.content ?? ''
  return written === '' || written.startsWith('{{') ? {} : readConsoleSettings(written)
}

export const consoleSettings: ConsoleSettings = read()
