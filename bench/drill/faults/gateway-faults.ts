import { setTimeout as pause } from 'node:timers/promises'
import { DrillFailure, type Fault, type Stage } from '../fault.js'
import { type StoredSubmit, unknownRepeats } from '../judge/bounds.js'
import { expectOneDossier } from './one-dossier.js'

/** A gateway dies with a client's submit in its hands. */

/** What our tables hold of submits whose clients wait for an answer. */
const storedUnanswered = async ({ system, intake }: Stage): Promise<StoredSubmit[]> => {
  const stored = await system.sql<StoredSubmit>(
    `SELECT dossier_code AS code, id::text AS "messageId" FROM inbox_message
     WHERE source = 'GATEWAY' AND operation = 'submitDossier' AND dossier_code = ANY($1)`,
    [[...intake.underWay]],
  )
  return stored.filter(({ code }) => intake.underWay.has(code))
}

const KILLS = 2
/** Some of its commits are of something else. */
const TRIES = 60
/** For a commit to be done whose answer is kept back. */
const COMMITTED_MS = 4_000
/** For other gateways to answer what they have stored. */
const ANSWERED_MS = 1_000

/** Of this gateway, once the answers to it are kept back; none when it has committed something else, or nothing while these are handed in. */
const storedUnknown = async (stage: Stage, held: Promise<unknown>, filling: Promise<unknown>): Promise<StoredSubmit[]> => {
  await Promise.race([held, filling])
  for (const deadline = Date.now() + COMMITTED_MS; ; ) {
    const before = new Set((await storedUnanswered(stage)).map(({ code }) => code))
    await pause(ANSWERED_MS)
    const stored = (await storedUnanswered(stage)).filter(({ code }) => before.has(code))
    if (stored.length > 0 || Date.now() > deadline) return stored
  }
}

/**
 * Keeps back from one gateway what PostgreSQL answers to its next commit, until a submit is stored and the gateway does not know it; then kills it.
 * Other gateways go on: a submit was in its hands when its client has to ask again afterwards.
 */
const killUnanswered = async (stage: Stage): Promise<void> => {
  const { system, intake } = stage
  const [gateway] = system.gateways
  if (!gateway) throw new DrillFailure('không có cổng nào')
  const caught: StoredSubmit[] = []
  for (let kills = 0, tries = 1; kills < KILLS; tries += 1) {
    if (tries > TRIES) throw new DrillFailure('không bắt được cổng giữa lúc lưu và lúc trả lời')
    const held = gateway.wire.holdAnswerTo('COMMIT')
    const filling = intake.fill(Math.ceil(stage.size / KILLS), ['GRAPHQL'])
    const stored = await storedUnknown(stage, held, filling)
    const before = intake.unanswered.length
    if (stored.length > 0) {
      await gateway.program.kill()
      gateway.wire.reset()
    }
    gateway.wire.heal()
    if (stored.length > 0) await gateway.start()
    await filling
    const asked = new Set(intake.unanswered.slice(before))
    const inItsHands = stored.filter(({ code }) => asked.has(code))
    caught.push(...inItsHands)
    if (inItsHands.length > 0) kills += 1
  }
  stage.mended()
  for (const { invariant, of, detail } of unknownRepeats(caught, intake.messages)) stage.convict(invariant, of, detail)
  for (const { code } of caught) await expectOneDossier(stage, code)
  stage.note(`${caught.length} lượt nộp đã lưu mà chưa được trả lời khi cổng bị giết`)
}

export const GATEWAY_FAULTS: readonly Fault[] = [
  { name: 'gateway-killed', title: 'giết cổng: đã lưu hồ sơ nộp vào, chưa trả lời', silencesGateways: true, run: killUnanswered },
]
