#!/usr/bin/env node
/** `npx lienthong <command>`: the operators' command line, built first when the sources changed. */
import { run } from './run.mjs'

await run(['cli', ...process.argv.slice(2)])
