/** A key under which the gateway does an act once, however often it is sent. (`crypto.randomUUID` is missing on a page without TLS.) */
export const newClientKey = (): string =>
  `bdk-${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
