import './look-up-page.css'
import { en, vi } from '../text/citizen.js'
import { askGateway, type LookUpAnswer, type NoAnswer } from './ask-gateway.js'
import { type Language, showAnswer } from './show-answer.js'

/**
 * Trang tra cứu hồ sơ: one form, one question, one answer, without a library, for an old phone on a slow network. The code may come with the address; the digits are
 * asked for each time and stand nowhere but in the field.
 */
const KEPT = 'lienthong:language'

const byId = <Kind extends HTMLElement>(id: string): Kind => {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no ${id}`)
  return found as Kind
}

const [code, digits] = [byId<HTMLInputElement>('code'), byId<HTMLInputElement>('digits')]
const [status, place, languageSwitch] = [byId('status'), byId('answer'), byId('language')]

/** Storage may be forbidden: then the choice lasts as long as the page. */
const keptLanguage = (): string | null => {
  try {
    return localStorage.getItem(KEPT)
  } catch {
    return null
  }
}

let language: Language = keptLanguage() === 'en' ? 'en' : 'vi'
let answer: LookUpAnswer | NoAnswer | null = null
let asking = false
const texts = () => (language === 'en' ? en : vi)

const show = (): void => {
  const words = texts()
  place.hidden = answer === null || typeof answer === 'string'
  status.textContent = asking ? words.sending : answer === 'OFFLINE' ? words.offline : answer === 'BROKEN' ? words.broken : ''
  if (answer !== null && typeof answer !== 'string') showAnswer(place, answer, language, words)
}

const speak = (): void => {
  const words = texts()
  document.documentElement.lang = language
  document.title = words.title
  for (const part of document.querySelectorAll<HTMLElement>('[data-text]'))
    part.textContent = words[part.dataset.text as Exclude<keyof typeof vi, 'dueState'>]
  languageSwitch.textContent = language === 'en' ? 'Tiếng Việt' : 'English'
  languageSwitch.lang = language === 'en' ? 'vi' : 'en'
  show()
}

languageSwitch.addEventListener('click', () => {
  language = language === 'en' ? 'vi' : 'en'
  try {
    localStorage.setItem(KEPT, language)
  } catch {
    // Lasts as long as the page.
  }
  speak()
})

/** Marks a field as wrong, or as right again. */
const mark = (field: HTMLInputElement, fault: string): boolean => {
  byId(`${field.id}-fault`).textContent = fault
  field.setAttribute('aria-invalid', String(fault !== ''))
  return fault === ''
}

const ask = async (): Promise<void> => {
  const words = texts()
  const [hasCode, hasDigits] = [
    mark(code, code.value.trim() === '' ? words.noCode : ''),
    mark(digits, /^[0-9]{4}$/.test(digits.value.trim()) ? '' : words.noDigits),
  ]
  if (!hasCode || !hasDigits) return (hasCode ? digits : code).focus()
  asking = true
  answer = null
  show()
  answer = await askGateway({ code: code.value.trim(), lastDigits: digits.value.trim() })
  asking = false
  show()
  document.getElementById('answer-title')?.focus()
}

byId<HTMLFormElement>('ask').addEventListener('submit', (event) => {
  event.preventDefault()
  if (!asking) void ask()
})

/** What a link or a QR code brings. A server sees what stands behind `?`, and nothing of what stands behind `#`. */
const takeCode = (): void => {
  const given = new URLSearchParams(location.hash.slice(1)).get('ma') ?? new URLSearchParams(location.search).get('ma')
  if (given === null) return
  code.value = given.slice(0, code.maxLength)
  digits.focus()
}
window.addEventListener('hashchange', takeCode)

speak()
takeCode()
