import { styleText } from 'node:util'
import { EXIT, type ExitCode } from '../exit-code.js'
import type { Session } from '../session.js'

const LEVELS = ['ok', 'warn', 'fail'] as const
export type Level = (typeof LEVELS)[number]

/** One thing that was looked at. `todo`: what to do about it. */
export interface Finding {
  readonly check: string
  readonly level: Level
  readonly says: string
  readonly todo?: string
}

export const ok = (check: string, says: string): Finding => ({ check, level: 'ok', says })
export const warn = (check: string, says: string, todo: string): Finding => ({ check, level: 'warn', says, todo })
export const fail = (check: string, says: string, todo: string): Finding => ({ check, level: 'fail', says, todo })

const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red' } as const

/** One line each; under what is not well, what to do. */
export const printFindings = (findings: readonly Finding[], json: boolean | undefined, { terminal }: Session): void => {
  const mark = (level: Level): string => {
    const text = level.padEnd(4)
    return terminal.colour ? styleText(COLOURS[level], text) : text
  }
  if (json) terminal.write(JSON.stringify(findings, null, 2))
  for (const { check, level, says, todo } of json ? [] : findings) {
    terminal.write(`${mark(level)}  ${check}: ${says}`)
    if (todo !== undefined) terminal.write(`      → ${todo}`)
  }
}

/** By the worst of them. */
export const exitCodeOf = (findings: readonly Finding[]): ExitCode => {
  if (findings.some(({ level }) => level === 'fail')) return EXIT.REFUSED
  return findings.some(({ level }) => level === 'warn') ? EXIT.WARNED : EXIT.DONE
}
