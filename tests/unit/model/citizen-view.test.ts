import { describe, expect, it, test } from '@jest/globals'
import { type CitizenStanding, citizenViewOf, type Stuck } from '../../../src/model/citizen-view.js'
import { DOSSIER_STATUSES } from '../../../src/model/dossier-status.js'

const now = new Date('2026-03-10T02:00:00.000Z')
const standing = (change: Partial<CitizenStanding>): CitizenStanding => ({
  status: 'IN_PROGRESS',
  dueAt: new Date('2026-03-12T09:00:00.000Z'),
  now,
  taxNoticeKnown: false,
  stuck: [],
  ...change,
})
const stuckAt = (systemId: Stuck['systemId'], change: Partial<Stuck> = {}): Stuck => ({
  systemId,
  needsPerson: false,
  since: new Date('2026-03-09T18:00:00.000Z'),
  maintenanceUntil: null,
  ...change,
})

describe('what a citizen is told', () => {
  it.each([
    ['SUBMITTED', 'DESK', 'NOT_STARTED'],
    ['ACCEPTED', 'REGISTRY', 'RUNNING'],
    ['NOT_ACCEPTED', 'NOBODY', 'ENDED'],
    ['IN_PROGRESS', 'REGISTRY', 'RUNNING'],
    ['SUPPLEMENT_REQUIRED', 'APPLICANT', 'SUSPENDED'],
    ['FINANCIAL_OBLIGATION_REQUIRED', 'TAX', 'SUSPENDED'],
    ['WITHDRAWN_BY_APPLICANT', 'NOBODY', 'ENDED'],
    ['STOPPED', 'APPLICANT', 'ENDED'],
    ['COMPLETED', 'APPLICANT', 'ENDED'],
    ['RESULT_RETURNED', 'NOBODY', 'ENDED'],
  ] as const)('of a dossier that is %s is waited for: %s, the clock is %s', (status, waitingFor, dueState) => {
    expect(citizenViewOf(standing({ status }))).toMatchObject({ waitingFor, dueState, trouble: null, troubleSince: null })
  })

  it('is the applicant’s turn to pay once the notice is there', () => {
    const view = citizenViewOf(standing({ status: 'FINANCIAL_OBLIGATION_REQUIRED', taxNoticeKnown: true }))
    expect(view).toMatchObject({ waitingFor: 'APPLICANT', nextStep: 'Xin nộp theo thông báo của cơ quan thuế và giữ chứng từ.' })
  })

  it('is overdue while the clock runs, and not while the applicant is waited for', () => {
    const dueAt = new Date('2026-03-09T09:00:00.000Z')
    expect(citizenViewOf(standing({ dueAt })).dueState).toBe('OVERDUE')
    expect(citizenViewOf(standing({ dueAt, status: 'SUPPLEMENT_REQUIRED' })).dueState).toBe('SUSPENDED')
  })

  it('says honestly that the registry has not got it, whose fault it is not, and since which day of ours', () => {
    const view = citizenViewOf(standing({ status: 'ACCEPTED', stuck: [stuckAt('VILIS', { needsPerson: true })] }))
    expect(view.waitingFor).toBe('INTERLINK')
    expect(view.waitingText).toBe(
      'Thông tin của hồ sơ chưa chuyển được tới cơ quan đăng ký đất đai (từ ngày 10/03/2026) và cần cán bộ vận hành xử lý.',
    )
    expect(view.nextStep).toMatch(/Không phải lỗi của ông\/bà và không phải nộp lại/)
  })

  it('says until when a system is closed', () => {
    const maintenanceUntil = new Date('2026-03-10T11:00:00.000Z')
    const { waitingText } = citizenViewOf(standing({ stuck: [stuckAt('VILIS', { maintenanceUntil })] }))
    expect(waitingText).toBe(
      'Hệ thống của cơ quan đăng ký đất đai đang bảo trì đến 18:00:00 ngày 10/03/2026; thông tin sẽ tự chuyển sau đó.',
    )
  })

  it('holds nobody up with what only the portal has not got, and says so beside', () => {
    const view = citizenViewOf(standing({ stuck: [stuckAt('PORTAL')] }))
    expect(view).toMatchObject({ waitingFor: 'REGISTRY', trouble: expect.stringContaining('Cổng dịch vụ công') })
  })

  it('waits with a result until it is at the desk', () => {
    expect(citizenViewOf(standing({ status: 'COMPLETED', stuck: [stuckAt('ONE_STOP')] })).waitingFor).toBe('INTERLINK')
    expect(citizenViewOf(standing({ status: 'COMPLETED', stuck: [stuckAt('VILIS')] })).waitingFor).toBe('APPLICANT')
  })

  test.each(DOSSIER_STATUSES.filter(({ terminal, status }) => terminal && status !== 'STOPPED').map(({ status }) => [status]))(
    'of a dossier that is %s no trouble is told: nobody waits for it',
    (status) => {
      const view = citizenViewOf(standing({ status, stuck: [stuckAt('VILIS', { needsPerson: true })] }))
      expect(view).toMatchObject({ waitingFor: 'NOBODY', trouble: null })
    },
  )
})
