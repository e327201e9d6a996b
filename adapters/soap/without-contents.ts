/** What stands in evidence and raw messages in place of a file. */
export const inWords = (characters: number): string => `(${characters} ký tự base64)`

/** Of a file of so many bytes. */
export const base64Chars = (bytes: number): number => Math.ceil(bytes / 3) * 4

/**
 * An envelope as it is kept, without the bytes of its files: those stand in the blob store. `element` is the local name of what holds
 * them. However the bytes are written: line by line with escaped carriage returns, as CDATA, behind attributes, or cut off.
 */
export function withoutContents(xml: string, element: string): string {
  const contents = new RegExp(`(<((?:[^\\s<>/:]+:)?${element})(?:\\s[^<>]*)?(?<!/)>)([\\s\\S]*?)(?=</\\2\\s*>|$)`, 'g')
  return xml.replace(contents, (_all, open: string, _name, text: string) => open + (text === '' ? '' : inWords(text.length)))
}
