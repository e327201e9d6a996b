/**
 * Cửa sổ đăng nhập: where a page stays beneath the sign-in, the provider is visited in a window beside it, so that nothing of the page is lost. That window comes back to
 * the console's own address and hands it over: two pages of one origin hear each other by a channel although the policy keeps each from the other's window.
 */
const CHANNEL = 'lienthong:sign-in'
/** Begins the state of a sign-in that another window waits for. */
const MARK = 'beside.'
/** The page that waits answers at once, if it is still there. */
const PATIENCE_MS = 5_000

export const markedState = (state: string): string => `${MARK}${state}`

const stateOf = (address: string): string => new URL(address).searchParams.get('state') ?? ''

export const isHandedOver = ({ href }: Location): boolean => stateOf(href).startsWith(MARK)

/** To be called while the click is still the person's; null: the browser opens no window. */
export const openBeside = (): Window | null => open('about:blank', '', 'popup,width=520,height=720')

let waiting: BroadcastChannel | undefined

/** Hears the address that the window beside comes back to. Of several windows the last one counts. */
export const hearFromBeside = (state: string, take: (address: URL) => void): void => {
  waiting?.close()
  const channel = new BroadcastChannel(CHANNEL)
  waiting = channel
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'string' || !URL.canParse(data) || stateOf(data) !== state) return
    channel.postMessage(state)
    channel.close()
    take(new URL(data))
  }
}

/** In the window beside: whether the page that has begun this sign-in has taken the address. */
export const handOver = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const channel = new BroadcastChannel(CHANNEL)
    const end = (heard: boolean): void => {
      clearTimeout(timer)
      channel.close()
      resolve(heard)
    }
    const timer = setTimeout(() => end(false), PATIENCE_MS)
    channel.onmessage = ({ data }) => data === stateOf(address) && end(true)
    channel.postMessage(address)
  })
