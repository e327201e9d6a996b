import { expect, test } from '@jest/globals'
import { type RepairThere, repairOperations } from '../../../src/model/repair-operations.js'

const repair = (changes: Partial<RepairThere>) =>
  repairOperations({ system: 'ONE_STOP', class: 'DIFFERS', fields: [], origin: 'ONE_STOP', ourStatus: 'IN_PROGRESS', ...changes })

test.each<[string, Partial<RepairThere>, readonly string[] | undefined]>([
  ['the portal takes the whole dossier for anything', { system: 'PORTAL', fields: ['APPLICANT'] }, ['SYNC_DOSSIER']],
  ['a status that it shows it takes by a line of progress', { system: 'PORTAL', fields: ['STATUS'] }, ['SYNC_DOSSIER', 'SYNC_PROGRESS']],
  ['and a due date', { system: 'PORTAL', fields: ['APPLICANT', 'DUE_DATE'] }, ['SYNC_DOSSIER', 'SYNC_PROGRESS']],
  [
    'an end as well',
    { system: 'PORTAL', class: 'RESULT_NOT_RETURNED', fields: ['STATUS'], ourStatus: 'COMPLETED' },
    ['SYNC_DOSSIER', 'SYNC_PROGRESS'],
  ],
  ['one that it lost is whole by itself', { system: 'PORTAL', class: 'MISSING_THERE' }, ['SYNC_DOSSIER']],
  ['the desk is told status and due date', { fields: ['STATUS', 'DUE_DATE'] }, ['UPDATE_STATUS']],
  ['and tax notices', { fields: ['AMOUNTS'] }, ['POST_TAX_NOTICES']],
  ['but not what it has written itself', { fields: ['APPLICANT', 'DUE_DATE'] }, undefined],
  ['a registration carries the status as well', { origin: 'VILIS', fields: ['APPLICANT', 'STATUS'] }, ['REGISTER']],
  ['a result goes with its papers', { class: 'RESULT_NOT_RETURNED', fields: ['STATUS'], ourStatus: 'COMPLETED' }, ['POST_RESULT']],
  ['a desk that lost its own dossier is not given it back', { class: 'MISSING_THERE' }, undefined],
  ['one that lost ours is', { class: 'MISSING_THERE', origin: 'VILIS' }, ['REGISTER']],
  ['ViLIS is told content', { system: 'VILIS', fields: ['PARCELS', 'DOCUMENTS'] }, ['RECEIVE']],
  ['never a due date or an amount', { system: 'VILIS', fields: ['DUE_DATE'] }, undefined],
  ['nor a step of its own', { system: 'VILIS', fields: ['STATUS'] }, undefined],
  ['what was handed out it is told', { system: 'VILIS', fields: ['STATUS'], ourStatus: 'RESULT_RETURNED' }, ['CONFIRM_RETURN']],
  ['and what was withdrawn', { system: 'VILIS', fields: ['STATUS'], ourStatus: 'WITHDRAWN_BY_APPLICANT' }, ['WITHDRAW']],
  ['not a dossier that the desk has not accepted', { system: 'VILIS', class: 'MISSING_THERE', ourStatus: 'SUBMITTED' }, undefined],
  ['where nothing differs there is nothing to tell', { class: 'STALE' }, undefined],
])('%s', (_, changes, expected) => {
  expect(repair(changes)).toEqual(expected)
})
