import { DAY_MS } from './calendar-data.js'

/** Of days without a time, as `yyyy-MM-dd`. */
export const dayAfter = (date: string): string => new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10)

export const dayBefore = (date: string): string => new Date(Date.parse(date) - DAY_MS).toISOString().slice(0, 10)

/** `dd/MM/yyyy`, as people here write it. */
export const describeDay = (date: string): string => date.split('-').reverse().join('/')
