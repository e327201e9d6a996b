import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

/**
 * Trang tải khi mở. A file that does not come means that the gateway cannot be heard, or that a newer console has taken the place of the one that this tab began with. Both
 * end with the console being loaded anew at the same address, but not before the gateway answers: a tab that reloads without it is the browser's own page of errors, which
 * comes back by no hand but the operator's.
 */
const RELOADED = 'lienthong:reloaded'
/** A file that is missing after that as well is a fault to be shown. */
const LEAST_BETWEEN_MS = 30_000
const EVERY_MS = 2_000

const isHeard = async (): Promise<boolean> => {
  try {
    return (await fetch(location.pathname, { cache: 'no-store' })).ok
  } catch {
    return false
  }
}

let isWaiting = false

const loadAnewOnceHeard = async (): Promise<void> => {
  while (!(await isHeard())) await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
  sessionStorage.setItem(RELOADED, String(Date.now()))
  location.reload()
}

/** Answers whether the console will be loaded anew. */
export const willLoadAnew = (): boolean => {
  if (isWaiting) return true
  if (Date.now() - Number(sessionStorage.getItem(RELOADED) ?? 0) < LEAST_BETWEEN_MS) return false
  isWaiting = true
  void loadAnewOnceHeard()
  return true
}

/** A part that is loaded when it is first shown; while its file does not come the page goes on to load. */
// biome-ignore lint/suspicious/noExplicitAny: what properties it takes is the part's own affair
export const loadPage = <Part extends ComponentType<any>>(load: () => Promise<{ default: Part }>): LazyExoticComponent<Part> =>
  lazy(() =>
    load().catch((error) => {
      if (willLoadAnew()) return new Promise<never>(() => undefined)
      throw error
    }),
  )
