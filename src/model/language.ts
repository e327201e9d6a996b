/** Ngôn ngữ của câu trả lời: Vietnamese unless somebody asks for English by name. What a browser prefers by itself asks for nothing: an officer's may speak English. */
export const LANGUAGES = ['vi', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export const readLanguage = (asked: unknown): Language => (asked === 'en' ? 'en' : 'vi')

/** One value for each language. */
export type InEach<Value> = Readonly<Record<Language, Value>>
