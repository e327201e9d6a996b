/** Where a sentence begins with a name, or a name stands within a sentence. */
export const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

export const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
