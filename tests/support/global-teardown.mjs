/** Removes the template and ends the server of global-setup.mjs. */
export default async function tearDown() {
  await globalThis.stopTestServer()
}
