import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Unit } from '../drill-system.js'

/** A program stopped, and started again with a module of the drill before all else, or with none. */
export const restart = async (unit: Unit, environment: Readonly<Record<string, string>> = {}): Promise<void> => {
  await unit.program.stop()
  await unit.start({ environment })
}

/** `name`: of a module in the drill's folder. */
export const preloading = (name: 'busy-loop' | 'shifted-clock'): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import=${pathToFileURL(fileURLToPath(new URL(`../${name}.js`, import.meta.url))).href}`,
})
