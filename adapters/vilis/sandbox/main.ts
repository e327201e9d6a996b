import { runTwinProcess } from '../../soap/twin/process.js'
import { createVilisTwin } from './twin.js'

/** The twin's own process. `--auto` lets dossiers move through the workflow by themselves; settings of the parent have the last word. */
const twin = createVilisTwin()
twin.settings.autoAdvance = process.argv.includes('--auto')
await runTwinProcess(twin)
