/** Đọc trước một trang: the next page is asked for while one is looked at, no more than that. Whoever stops early, or fails, waits for the page that is on its way. */
export async function* readAhead<Page>(pages: AsyncGenerator<Page>): AsyncGenerator<Page> {
  let coming = pages.next()
  try {
    for (;;) {
      const { done, value } = await coming
      if (done) return
      coming = pages.next()
      // Nobody waits for it while this page is looked at.
      coming.catch(() => undefined)
      yield value
    }
  } finally {
    await coming.catch(() => undefined)
  }
}
