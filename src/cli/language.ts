import type { Language } from '../model/language.js'

/** What is said at the terminal, in both languages where it is said; whose turn it is was decided at the start. */
export type Say = (vietnamese: string, english: string) => string

export const sayIn = (language: Language): Say => (language === 'en' ? (_vietnamese, english) => english : (vietnamese) => vietnamese)

/** Vietnamese, unless `--lang` or the terminal's own language says English. Help itself needs it: so it is looked for before anything is parsed. */
export const languageOf = (argv: readonly string[], environment: Readonly<Record<string, string | undefined>>): Language => {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='))
  const asked = argv[at]?.split('=')[1] ?? (at === -1 ? undefined : argv[at + 1])
  const spoken = asked ?? (environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '')
  return /^en\b|^en_/i.test(spoken) ? 'en' : 'vi'
}
