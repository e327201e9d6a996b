import { formatsOf } from '../text/format.js'

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+07:00$/

/** A value as people read it: instants by the clock of Viet Nam. */
export const fieldText = (value: string | null | undefined): string =>
  value && INSTANT.test(value) ? formatsOf('vi').moment(value) : (value ?? '')

/** What an input of the browser (`datetime-local`) shows of an instant, by the clock of Viet Nam, and the instant of what it gives back. */
export const toLocalInput = (instant: string | null | undefined): string => (instant ?? '').slice(0, 'yyyy-MM-ddTHH:mm'.length)
export const fromLocalInput = (local: string): string => (local === '' ? '' : `${local}:00+07:00`)
