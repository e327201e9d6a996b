import { expect, test } from '@jest/globals'
import { describeAuditValue, nameAuditValue } from '../../../src/model/audit-value.js'

const PAUSE = { act: 'PAUSE', isOfTransfer: false }

test('a value is called by its name; one that is not known, by what it is stored under', () => {
  expect(nameAuditValue('pausedAt')).toBe('Tạm dừng từ')
  expect(nameAuditValue('pausedAt', 'en')).toBe('Paused since')
  expect(nameAuditValue('constructor')).toBe('constructor')
})

test('an instant is told by the clock of Viet Nam', () => {
  expect(describeAuditValue(PAUSE, 'pausedAt', '2026-11-28T16:19:14.478Z')).toBe('23:19:14 ngày 28/11/2026')
})

test('a state is that of what was acted upon', () => {
  expect(describeAuditValue({ act: 'REPLAY', isOfTransfer: true }, 'state', 'REJECTED', 'en')).toBe('Refused by the other side')
  expect(describeAuditValue({ act: 'PAUSE_REPLAY_PLAN', isOfTransfer: false }, 'state', 'PAUSED', 'en')).toBe('Paused')
  expect(describeAuditValue({ act: 'APPROVE_DISCREPANCY_BATCH', isOfTransfer: false }, 'state', 'RUNNING', 'en')).toBe('Under way')
})

test('codes are told in words; what is none stays as it is', () => {
  expect(describeAuditValue(PAUSE, 'systemId', 'VILIS')).toBe('ViLIS')
  expect(describeAuditValue({ act: 'REPLAY', isOfTransfer: true }, 'heldReason', 'MAPPING_MISSING')).toBe('Thiếu ánh xạ mã sang bên nhận')
  expect(describeAuditValue({ act: 'REPLAY', isOfTransfer: true }, 'heldReason', 'NEW_ONE')).toBe('NEW_ONE')
  expect(describeAuditValue(PAUSE, 'state', 'REJECTED')).toBe('REJECTED')
  expect(describeAuditValue(PAUSE, 'setBy', 'Trần Văn An (op-an)')).toBe('Trần Văn An (op-an)')
})
