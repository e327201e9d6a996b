import { readFile } from 'node:fs/promises'
import { asFileFault, describeFileFault, FileFault } from '../model/file-fault.js'
import { placeInJson } from '../model/json-place.js'
import { ConfigurationError } from './configuration-error.js'

/** What stands in the file that LIENTHONG_CONFIG names; whether it makes sense is for others. */
export const readConfigurationFile = async (path: string): Promise<unknown> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const fault = asFileFault(error, path, 'READ')
    if (!(fault instanceof FileFault)) throw error
    const { vietnamese, english } = describeFileFault(fault)
    throw new ConfigurationError(`Cấu hình (LIENTHONG_CONFIG): ${vietnamese}`, `The configuration (LIENTHONG_CONFIG): ${english}`)
  })
  const json = text.replace(/^\uFEFF/, '')
  try {
    return JSON.parse(json)
  } catch (error) {
    const place = placeInJson(json, error)
    throw new ConfigurationError(
      `Tệp cấu hình "${path}" (LIENTHONG_CONFIG) không phải là JSON đúng${place ? `, hỏng ở dòng ${place.line} ký tự ${place.column}` : ''}.`,
      `The configuration file "${path}" (LIENTHONG_CONFIG) is no JSON${place ? `, broken in line ${place.line} at character ${place.column}` : ''}.`,
    )
  }
}
