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
const TRIES = 20
const HELD_MS = 250

/**
 * Keeps back what PostgreSQL says to one gateway, until a submit is stored and the gateway does not know it; then kills it. Other gateways go on:
 * a submit was in its hands when its client has to ask again afterwards.
 */
const killUnanswered = async (stage: Stage): Promise<void> => {
  const { system, intake } = stage
  const [gateway] = system.gateways
  if (!gateway) throw new DrillFailure('không có cổng nào')
  const caught: StoredSubmit[] = []
  for (let kills = 0, tries = 1; kills < KILLS; tries += 1) {
    if (tries > TRIES) throw new DrillFailure('không bắt được cổng giữa lúc lưu và lúc trả lời')
    const filling = intake.fill(Math.ceil(stage.size / KILLS))
    // As soon as one is stored: what is left to be done for its answer takes some statements more.
    let stored = await storedUnanswered(stage)
    while (stored.length === 0 && intake.underWay.size > 0) stored = await storedUnanswered(stage)
    gateway.wire.hold('FROM_SERVER')
    await pause(HELD_MS)
    stored = await storedUnanswered(stage)
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
  { name: 'gateway-killed', title: 'giết cổng: đã lưu hồ sơ nộp vào, chưa trả lời', run: killUnanswered },
]
