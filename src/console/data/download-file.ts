import { asked } from './connection.js'
import { fetchSignedIn } from './fetch-signed-in.js'

/** The file's name as the gateway gives it. */
const nameIn = (disposition: string | null): string => /filename="([^"]+)"/.exec(disposition ?? '')?.[1] ?? 'tep-tai-ve'

/**
 * Takes a file with the token of this session, which a plain link would not carry, and hands it to the browser to keep. Answers what was said against
 * it; null: the gateway was not heard, or the file broke off.
 */
export const downloadFile = async (address: string): Promise<'DONE' | { readonly refused: string } | null> => {
  try {
    const response = await fetchSignedIn(address, { cache: 'no-store' })
    asked('ANSWERED')
    if (!response.ok) {
      const { errors } = (await response.json()) as { errors?: readonly { readonly message: string }[] }
      return { refused: errors?.map(({ message }) => message).join(' ') ?? '' }
    }
    const url = URL.createObjectURL(await response.blob())
    const link = document.createElement('a')
    link.href = url
    link.download = nameIn(response.headers.get('content-disposition'))
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
    return 'DONE'
  } catch {
    return null
  }
}
