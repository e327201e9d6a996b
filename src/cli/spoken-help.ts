import type { Command, CommanderError, HelpConfiguration } from 'commander'
import type { Say } from './language.js'

/** Help and complaints of the command line in the language of the person who reads them. */
export const speakHelp = (program: Command, say: Say): void => {
  const titles: Record<string, string> = {
    'Usage:': say('Cách dùng:', 'Usage:'),
    'Arguments:': say('Tham số:', 'Arguments:'),
    'Options:': say('Tùy chọn:', 'Options:'),
    'Commands:': say('Lệnh:', 'Commands:'),
  }
  const help: HelpConfiguration = {
    styleTitle: (title) => titles[title] ?? title,
    optionDescription: ({ description, argChoices, defaultValue }) =>
      [
        description,
        ...(argChoices ? [`(${say('một trong', 'one of')}: ${argChoices.join(', ')})`] : []),
        ...(defaultValue === undefined ? [] : [`(${say('mặc định', 'default')}: ${defaultValue})`]),
      ].join(' '),
    argumentDescription: ({ description, argChoices }) =>
      argChoices ? `${description} (${say('một trong', 'one of')}: ${argChoices.join(', ')})` : description,
    subcommandTerm: (command) =>
      [command.name(), ...command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`))].join(' '),
  }
  program
    .configureHelp(help)
    .helpOption('-h, --help', say('hiện trợ giúp này', 'show this help'))
    .helpCommand('help [command]', say('trợ giúp của một lệnh', 'help of a command'))
}

type Complain = (quoted: readonly string[], message: string) => string

/** What commander calls the fault → a sentence; `quoted` is what its message quotes, in order. */
const complaints = (say: Say): Readonly<Record<string, Complain>> => ({
  'commander.unknownOption': ([option]) => say(`Không có tùy chọn ${option}.`, `There is no option ${option}.`),
  'commander.unknownCommand': ([name]) => say(`Không có lệnh "${name}".`, `There is no command "${name}".`),
  'commander.excessArguments': ([name]) => say(`Thừa tham số cho "${name}".`, `Too many arguments for "${name}".`),
  'commander.missingArgument': ([name]) => say(`Thiếu <${name}>.`, `<${name}> is missing.`),
  'commander.optionMissingArgument': ([flags]) => say(`Thiếu giá trị của ${flags}.`, `The value of ${flags} is missing.`),
  'commander.missingMandatoryOptionValue': ([flags]) => say(`Cần ${flags}.`, `${flags} is needed.`),
  'commander.conflictingOption': ([one, other]) =>
    say(`${one} không dùng cùng với ${other}.`, `${one} cannot be used together with ${other}.`),
  'commander.invalidArgument': ([first, second], message) => {
    const [where, value] = message.includes('command-argument value') ? [`<${second}>`, first] : [first, second]
    const why = /is invalid(?: for argument '[^']*')?\. (.*)$/s.exec(message)?.[1] ?? ''
    const choices = /^Allowed choices are (.*)\.$/.exec(why)?.[1]
    return `${where} "${value}": ${choices === undefined ? why : say(`phải là một trong ${choices}.`, `must be one of ${choices}.`)}`
  },
})

/** One sentence why a command line cannot be understood. */
export const complaintOf = ({ code, message }: CommanderError, say: Say): string => {
  const quoted = [...message.matchAll(/'([^']*)'/g)].map(([, text = '']) => text)
  const sentence = complaints(say)[code]?.(quoted, message) ?? message.replace(/^error: /, '')
  const near = /Did you mean (?:one of )?(.*)\?/.exec(message)?.[1]
  return near === undefined ? sentence : `${sentence} ${say(`Có phải ${near}?`, `Did you mean ${near}?`)}`
}
