import { setTimeout as pause } from 'node:timers/promises'

/**
 * Đối soát đến khi thấy: runs over all, each to the end that it tells itself, until one has found what differs of a dossier. What is on its way when a run looks it leaves to the
 * next one, and on a slow machine much is on its way for long.
 */
export interface Reconciling {
  /** Throws when it was refused. */
  readonly ask: <Data>(query: string, variables?: object) => Promise<Data>
  readonly code: string
  readonly reason: string
  readonly withinMs: number
}

const START = `mutation ($input: StartReconciliationInput!) {
  started: startReconciliation(input: $input) { __typename ... on ReconciliationActDone { run { id } } ... on ActRefused { message } }
}`
const LOOK = `query ($id: ID!, $code: String!) {
  run: reconciliationRun(id: $id) { state progress { systemId phase waitsFor examined inFlight } }
  found: discrepancies(first: 1, filter: { dossierCode: $code, states: [OPEN] }) { edges { node { id } } }
}`

interface Looked {
  readonly run: { readonly state: string; readonly progress: readonly object[] }
  readonly found: { readonly edges: readonly { readonly node: { readonly id: string } }[] }
}

const UNDER_WAY = ['QUEUED', 'RUNNING', 'PAUSED']
const LOOK_AGAIN_MS = 1_000

/** Answers the discrepancy's id. */
export const reconcileUntilFound = async ({ ask, code, reason, withinMs }: Reconciling): Promise<string> => {
  const deadline = Date.now() + withinMs
  let said = 'no run was begun'
  for (let turn = 1; Date.now() < deadline; turn += 1) {
    const input = { clientKey: `hinh-anh-cua-cong-${turn}`, scope: 'ALL', reason }
    const { started } = await ask<{ started: { run?: { id: string }; message?: string } }>(START, { input })
    let looked: Looked | undefined
    // Refused: another one is under way.
    while (started.run && (!looked || UNDER_WAY.includes(looked.run.state)) && Date.now() < deadline) {
      await pause(LOOK_AGAIN_MS)
      looked = await ask<Looked>(LOOK, { id: started.run.id, code })
    }
    const [first] = looked?.found.edges ?? []
    if (first) return first.node.id
    said = JSON.stringify(looked?.run ?? started)
    await pause(LOOK_AGAIN_MS)
  }
  throw new Error(`no run has found what differs of ${code}: ${said}`)
}
