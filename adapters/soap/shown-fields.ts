/**
 * Trường nào được hiện: what an element of a message holds, as far as showing it goes. PLAIN is shown as it is, TEXT is free text in which persons are looked
 * for, SECRET is never shown masked. What is in no table is hidden unless it can only be a number, a time or a yes or no: a field that the other side adds
 * is not shown before somebody has looked at it.
 */
export type Shown = 'PLAIN' | 'TEXT' | 'NAME' | 'NUMBER' | 'EMAIL' | 'ADDRESS' | 'SECRET'

export type ShownFields = ReadonlyMap<string, Shown>

/** `groups`: names of elements, with a space between them. */
export const shownFields = (groups: Partial<Record<Shown, string>>): ShownFields =>
  new Map(
    Object.entries(groups).flatMap(([shown, names]) =>
      names.split(/\s+/).flatMap((name) => (name === '' ? [] : [[name, shown as Shown] as const])),
    ),
  )

/** Of SOAP itself, of the headers of the exchange platform, and of the pages that proxies answer. */
export const ENVELOPE_FIELDS: ShownFields = shownFields({
  PLAIN: `faultcode faultactor Code Value Subcode Node Role
    mustUnderstand encodingStyle objectType lang schemaLocation
    xRoadInstance memberClass memberCode subsystemCode serviceCode serviceVersion id userId issue protocolVersion requestHash`,
  TEXT: 'faultstring Text title h1 h2 p center',
})
