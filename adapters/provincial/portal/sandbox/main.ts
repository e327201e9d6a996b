import { runTwinProcess } from '../../../soap/twin/process.js'
import { createPortalTwin } from './twin.js'

await runTwinProcess(createPortalTwin())
