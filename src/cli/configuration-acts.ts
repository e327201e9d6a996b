import { configurationSchema, readConfiguration, withEachOperation } from '../config/config.js'
import { ConfigurationError } from '../config/configuration-error.js'
import { CommandFailed, EXIT } from './exit-code.js'
import type { Session } from './session.js'

/** No secret stands in it: those are variables of the environment. */
export const showConfiguration = async ({ terminal, local, say }: Session): Promise<void> => {
  try {
    terminal.write(JSON.stringify(withEachOperation(await readConfiguration(local.environment.LIENTHONG_CONFIG)), null, 2))
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    throw new CommandFailed(EXIT.REFUSED, say(error.message, error.english))
  }
}

export const showSchema = ({ terminal }: Session): void => terminal.write(JSON.stringify(configurationSchema(), null, 2))
