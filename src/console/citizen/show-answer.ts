import { type CitizenTexts, EN_FAILED, EN_STATUS, EN_TROUBLE, EN_WAITING, enTooOften } from '../text/citizen.js'
import type { LookUpAnswer } from './ask-gateway.js'

export type Language = 'vi' | 'en'
type Found = Extract<LookUpAnswer, { __typename: 'CitizenDossier' }>

/** Days and times of Viet Nam, wherever the phone stands. */
const day = new Intl.DateTimeFormat('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', day: '2-digit', month: '2-digit', year: 'numeric' })
const moment = new Intl.DateTimeFormat('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short', timeStyle: 'short' })

const element = (name: string, text: string, lang?: string): HTMLElement => {
  const made = document.createElement(name)
  made.textContent = text
  if (lang) made.lang = lang
  return made
}

const factsOf = (
  found: Found,
  language: Language,
  texts: CitizenTexts,
): readonly (readonly [name: string, value: string, lang?: string])[] => {
  const english = language === 'en'
  const [waiting, next] = english ? EN_WAITING[found.waitingFor] : [found.waitingText, found.nextStep]
  const due = texts.dueState[found.dueState]
  return [
    [texts.status, `${english ? EN_STATUS[found.status] : found.statusLabel} (${day.format(new Date(found.statusAt))})`],
    [texts.due, `${day.format(new Date(found.dueAt))}${due && ` - ${due}`}`],
    [texts.waiting, waiting],
    ...(found.trouble ? [[texts.trouble, english ? EN_TROUBLE : found.trouble] as const] : []),
    [texts.next, next],
    [texts.procedure, found.procedureName, 'vi'],
    [texts.unit, found.receivingUnitName, 'vi'],
    [texts.received, day.format(new Date(found.receivedAt))],
    [texts.asOf, moment.format(new Date(found.asOf))],
  ]
}

/** Fills the place of the answer. What is not found stands there as a sentence. */
export const showAnswer = (place: HTMLElement, answer: LookUpAnswer, language: Language, texts: CitizenTexts): void => {
  place.replaceChildren()
  if (answer.__typename === 'CitizenDossier') {
    const title = element('h2', `${texts.dossier} ${answer.code}`)
    title.id = 'answer-title'
    title.tabIndex = -1
    const list = document.createElement('dl')
    for (const [name, value, lang] of factsOf(answer, language, texts)) list.append(element('dt', name), element('dd', value, lang))
    place.append(title, list)
    return
  }
  const english = answer.__typename === 'LookUpTooOften' ? enTooOften(answer.retryAfterSeconds) : EN_FAILED
  const sentence = element('p', language === 'en' && answer.__typename !== 'InputRefused' ? english : answer.message)
  sentence.id = 'answer-title'
  sentence.className = 'fault'
  sentence.tabIndex = -1
  place.append(sentence)
}
