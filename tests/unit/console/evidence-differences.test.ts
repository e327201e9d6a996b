import { describe, expect, it } from '@jest/globals'
import { differencesOf } from '../../../src/console/transfer/evidence-differences.js'

describe('what differs between two attempts', () => {
  it('is nothing when they say the same, with or without a last line break', () => {
    expect(differencesOf('<a>\n</a>\n', '<a>\n</a>')).toEqual([])
    expect(differencesOf('', '')).toEqual([])
  })

  it('stands among the lines near to it, what is far away is left out', () => {
    const lines = ['một', 'hai', 'ba', 'bốn', 'năm', 'sáu']
    const before = [...lines, '<Ma>1</Ma>', ...lines].join('\n')
    const after = [...lines, '<Ma>2</Ma>', ...lines].join('\n')
    expect(differencesOf(before, after).map(({ kind, text }) => [kind, text])).toEqual([
      ['SAME', '…\nnăm\nsáu'],
      ['REMOVED', '<Ma>1</Ma>'],
      ['ADDED', '<Ma>2</Ma>'],
      ['SAME', 'một\nhai\n…'],
    ])
  })

  it('is all of an answer where there was none', () => {
    expect(differencesOf('', 'SUCCESS').map(({ kind, text }) => [kind, text])).toEqual([['ADDED', 'SUCCESS']])
  })
})
