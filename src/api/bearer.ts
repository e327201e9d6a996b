/** The token of an `Authorization: Bearer …` value; undefined when there is none. */
export const bearerToken = (header: unknown): string | undefined =>
  typeof header === 'string' ? /^Bearer\s+(\S+)$/i.exec(header)?.[1] : undefined
