import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { atDesk, atPortal, atRegistry, liveThrough, portalInstant, seconds } from '../support/dossier-journey.js'
import { seedDossier } from '../support/seed-dossiers.js'
import { startTestApi, type TestApi } from '../support/test-api.js'
import { openTestSystem } from '../support/test-system.js'

interface Told {
  readonly dueAt: string
  readonly how: string
}
interface Deadline {
  readonly computed: string | null
  readonly notComputable: string | null
  readonly because: string | null
  readonly leftHours: number | null
  readonly agrees: boolean | null
  readonly differing: readonly string[]
  readonly atOneStop: Told | null
  readonly atRegistry: Told | null
  readonly atPortal: Told | null
  readonly explanation: readonly { kind: string; rule: string | null; standing: string | null; sentence: string; totalHours: number }[]
}
const DEADLINE = `deadline { computed notComputable because leftHours agrees differing atOneStop { dueAt how } atRegistry { dueAt how } atPortal { dueAt how }
  explanation { kind rule standing sentence totalHours } }`

test('after a whole life each system is shown with the due date that it really holds, and the clock has stood where it should', async () => {
  const system = await openTestSystem({ gateway: true })
  try {
    const code = await liveThrough(system)
    // The twins live today, whenever that is: the calendar that comes with the gateway ends some day.
    await system.context.db.query(
      `UPDATE deadline_document SET content = jsonb_set(content, '{to}', '"2199-12-31"'), sha256 = 'far' WHERE kind = 'CALENDAR' RETURNING 1 AS done`,
    )
    const { dossier } = await system.gateway.query<{ dossier: { deadline: Deadline; timeline: { step: string | null }[] } }>(
      'operator',
      `query ($code: String!) { dossier(code: $code) { ${DEADLINE} timeline { step } } }`,
      { code },
    )
    const { deadline, timeline } = dossier
    expect(seconds(deadline.atOneStop?.dueAt ?? '')).toBe(seconds((await atDesk(system, code)).dossier.dueAt))
    expect(seconds(deadline.atRegistry?.dueAt ?? '')).toBe(seconds((await atRegistry(system, code)).dueAt))
    expect(seconds(deadline.atPortal?.dueAt ?? '')).toBe(portalInstant((await atPortal(system, code)).dueAt) / 1000)
    expect(deadline.notComputable).toBeNull()
    expect(deadline.explanation[0]).toMatchObject({
      kind: 'RECEIVED',
      rule: 'Thời hạn giải quyết 7 ngày làm việc',
      standing: expect.stringMatching(/^B: /),
    })
    expect(deadline.explanation.filter(({ kind }) => kind === 'STOPPED').map(({ rule }) => rule)).toEqual([
      'Chờ bổ sung giấy tờ',
      expect.stringMatching(/^Chờ (nộp thuế|thực hiện nghĩa vụ tài chính)$/),
      ...deadline.explanation
        .filter(({ kind }) => kind === 'STOPPED')
        .slice(2)
        .map(() => expect.any(String)),
    ])
    expect(deadline.explanation.filter(({ kind }) => kind === 'RESTARTED')).toHaveLength(1)
    expect(deadline.explanation.at(-2)).toMatchObject({ kind: 'COUNTED', totalHours: 56 })
    expect(timeline.map(({ step }) => step)).toEqual(expect.arrayContaining(['APPRAISAL', 'PENDING_TAX_PAYMENT', 'PENDING_PRINT_CERT']))
  } finally {
    await system.close()
  }
})

describe('for many dossiers', () => {
  let api: TestApi
  let officer: string
  let citizen: string
  const codes = Array.from({ length: 12 }, (_, n) => `H58.22-250707-${String(n + 1).padStart(4, '0')}`)
  const COMMUNE = '28594'

  const event = (dossierId: string, at: string, kind: string, from: string | null, to: string, supplementNo: number | null = null) =>
    api.db.query(
      `INSERT INTO dossier_event (id, dossier_id, kind, origin, version, event_at, applied, status_from, status_to, supplement_no)
       VALUES ($1::uuid, $2::uuid, $3, 'VILIS', 1, $4::timestamptz, true, $5, $6, $7::int) RETURNING 1 AS done`,
      [randomUUID(), dossierId, kind, at, from, to, supplementNo],
    )
  const delivered = (dossierId: string, systemId: string, operation: string, body: object) =>
    api.db.query(
      `INSERT INTO transfer (id, dossier_id, system_id, operation, sequence, idempotency_key, dossier_version, body, digest, digest_version, state,
         urgent_at, due_at, correlation_id, settled_at)
       VALUES ($1::uuid, $2::uuid, $3, $4, CASE $4 WHEN 'SUPPLEMENT' THEN 2 ELSE 1 END, $1::text || $3, 1, $5::jsonb, 'x', 1, 'DELIVERED', app_now(), app_now(), $1::text, app_now()) RETURNING 1 AS done`,
      [randomUUID(), dossierId, systemId, operation, JSON.stringify(body)],
    )

  beforeAll(async () => {
    api = await startTestApi()
    officer = await api.token('officer', [COMMUNE])
    citizen = await api.token('citizen-app')
    for (const [index, code] of codes.entries()) {
      const paused = index === 1
      const { id } = await seedDossier(api.db, {
        code,
        commune: { code: COMMUNE, on: '2025-07-07' },
        // 7 working days from 08:00 on Monday 7/7/2025.
        receivedAt: '2025-07-07T08:00:00+07:00',
        dueAt: '2025-07-16T17:00:00+07:00',
        status: paused ? 'FINANCIAL_OBLIGATION_REQUIRED' : 'ACCEPTED',
      })
      await event(id, '2025-07-07T08:05:00+07:00', 'RECEIVED', null, 'ACCEPTED')
      if (paused) await event(id, '2025-07-09T08:00:00+07:00', 'STATUS_CHANGED', 'ACCEPTED', 'FINANCIAL_OBLIGATION_REQUIRED')
      await delivered(id, 'VILIS', 'RECEIVE', {
        dossier: { dueAt: index === 2 ? '2025-07-18T17:00:00+07:00' : '2025-07-16T17:00:00+07:00' },
      })
      await delivered(id, 'VILIS', 'SUPPLEMENT', { newDueAt: '2025-08-30T17:00:00+07:00' })
      await delivered(id, 'PORTAL', 'SYNC_PROGRESS', { dueAt: '2025-07-16T08:00:00+07:00' })
    }
  })
  afterAll(() => api?.close())

  const ask = (wanted: readonly string[]) =>
    api.query(officer, `{ ${wanted.map((code, n) => `d${n}: dossier(code: "${code}") { ${DEADLINE} }`).join(' ')} }`)

  test('what agrees by the day agrees, what differs is named, and what has no date yet says what is left', async () => {
    const { data } = await ask(codes.slice(0, 3))
    const { d0, d1, d2 } = data as unknown as Record<string, { deadline: Deadline }>
    expect(d0?.deadline).toMatchObject({
      computed: '2025-07-16T08:00:00.000+07:00',
      agrees: true,
      differing: [],
      atOneStop: null,
      atRegistry: { dueAt: '2025-07-16T17:00:00.000+07:00', how: 'DELIVERED' },
    })
    expect(d1?.deadline).toMatchObject({ computed: null, notComputable: 'PAUSE_OPEN', leftHours: 40, agrees: null })
    expect(d1?.deadline.because).toContain('còn 5 ngày làm việc khi chạy lại')
    expect(d2?.deadline).toMatchObject({ agrees: false, differing: ['VILIS'] })
  })

  test('costs the same statements for twelve as for two', async () => {
    const count = async (first: number): Promise<number> => {
      api.statements.length = 0
      const { data, errors } = await api.query(officer, `{ dossiers(first: ${first}) { edges { node { code ${DEADLINE} } } } }`)
      expect(errors ?? []).toEqual([])
      expect((data as unknown as { dossiers: { edges: unknown[] } }).dossiers.edges).toHaveLength(first)
      return api.statements.length
    }
    const two = await count(2)
    expect(await count(codes.length)).toBeLessThanOrEqual(two)
    expect(api.statements.filter((text) => text.includes('FROM told'))).toHaveLength(1)
  })

  test('is not for a citizen, who still gets the dossier', async () => {
    const { data, errors } = await api.query(citizen, `{ dossier(code: "${codes[0]}") { code ${DEADLINE} } }`)
    expect(data).toMatchObject({ dossier: { code: codes[0], deadline: null } })
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })
})
