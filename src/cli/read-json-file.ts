import { readFile } from 'node:fs/promises'
import { asFileFault } from '../model/file-fault.js'
import { placeInJson } from '../model/json-place.js'
import { CommandFailed, EXIT } from './exit-code.js'
import type { Say } from './language.js'

/** A file of JSON that a command was given. What cannot be read is a `FileFault`; what is no JSON is refused with the place where it breaks off, when that is known. */
export const readJsonFile = async (path: string, say: Say): Promise<unknown> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw asFileFault(error, path, 'READ')
  })
  // Editors of other systems put a mark before the first character.
  const json = text.replace(/^\uFEFF/, '')
  try {
    return JSON.parse(json)
  } catch (error) {
    const place = placeInJson(json, error)
    throw new CommandFailed(
      EXIT.REFUSED,
      say(
        `Tệp "${path}" không phải là JSON đúng${place ? `, hỏng ở dòng ${place.line} ký tự ${place.column}` : ''}. Chưa làm gì.`,
        `The file "${path}" is no valid JSON${place ? `, it breaks off at line ${place.line} character ${place.column}` : ''}. Nothing was done.`,
      ),
    )
  }
}
