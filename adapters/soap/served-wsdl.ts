import { escapeText } from './request-body.js'

/**
 * A WSDL or schema of our own disk as it is served: our public address in each port, relative schemas behind `?xsd=`. Our own contract
 * files use plain attributes, so that replacing text is enough and the file stays as it was written.
 */
export function describeService(text: string, publicUrl: string): string {
  return text
    .replace(/(<[\w-]+:address\s[^>]*location=")[^"]*(")/g, (_all, before: string, after: string) => before + escapeText(publicUrl) + after)
    .replace(
      /(<[\w-]+:(?:import|include)\s[^>]*schemaLocation=")(?![a-z]+:)([^"]*)(")/gi,
      (_all, before: string, name: string, after: string) => `${before}${escapeText(publicUrl)}?xsd=${encodeURIComponent(name)}${after}`,
    )
}
