import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { type Texts, vi } from './vi.js'

/** Texts of the console. Vietnamese comes with the page, English when somebody asks for it. */
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: Texts }
  }
}

const KEPT = 'lienthong:language'
export type Language = 'vi' | 'en'

export const changeLanguage = async (language: Language): Promise<void> => {
  // Kept before the texts have come: who leaves the page meanwhile finds the next one in the language asked for.
  localStorage.setItem(KEPT, language)
  if (language === 'en' && !i18next.hasResourceBundle('en', 'translation')) {
    const { en } = await import('./en.js')
    i18next.addResourceBundle('en', 'translation', en)
  }
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

export const openTexts = async (): Promise<void> => {
  await i18next.use(initReactI18next).init({
    lng: 'vi',
    fallbackLng: 'vi',
    resources: { vi: { translation: vi } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  if (localStorage.getItem(KEPT) === 'en') await changeLanguage('en')
}
