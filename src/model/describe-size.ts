/** A limit in bytes for people: whole units, rounded down. */
export const describeSize = (bytes: number): string => {
  if (bytes >= 1_048_576) return `${Math.floor(bytes / 1_048_576)} MB`
  return bytes >= 1_024 ? `${Math.floor(bytes / 1_024)} KB` : `${bytes} byte`
}
