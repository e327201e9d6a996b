import type { GraphQLFormattedError } from 'graphql'
import type { Language } from '../model/language.js'
import { refusalInWords } from '../model/recorded-english.js'
import { faultInEnglish } from '../model/refusals-english.js'
import type { AnswerStep } from './answer-steps.js'

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const inEnglish = (error: GraphQLFormattedError): GraphQLFormattedError => {
  const told = refusalInWords(error.message)
  if (told !== error.message) return { ...error, message: told }
  return { ...error, message: faultInEnglish(textOf(error.extensions?.code), textOf(error.extensions?.reason), error.message) }
}

export const speakErrors = (errors: readonly GraphQLFormattedError[], language: Language): readonly GraphQLFormattedError[] =>
  language === 'en' ? errors.map(inEnglish) : errors

/** Lỗi trong câu trả lời, in the language that was asked for. Of an answer in parts those of its first part. */
export const spokenErrors: AnswerStep = {
  willSendResponse: ({ contextValue, response }) => {
    const result = response.body.kind === 'single' ? response.body.singleResult : response.body.initialResult
    if (result.errors) result.errors = speakErrors(result.errors, contextValue.language)
  },
}
