/** Where a text stops being JSON, counted as people count, when the engine tells it. Of what the engine says only the position is for people. */
export const placeInJson = (json: string, error: unknown): { readonly line: number; readonly column: number } | undefined => {
  const position = error instanceof SyntaxError ? /position (\d+)/.exec(error.message)?.[1] : undefined
  if (position === undefined) return undefined
  const before = json.slice(0, Number(position)).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
