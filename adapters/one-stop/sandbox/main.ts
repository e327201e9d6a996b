import { runTwinProcess } from '../../soap/twin/process.js'
import { createOneStopTwin } from './twin.js'

/** The sandbox one-stop system as a process of its own; `--auto` lets the desk work by itself. */
await runTwinProcess(createOneStopTwin(), { settings: { auto: process.argv.includes('--auto') } })
