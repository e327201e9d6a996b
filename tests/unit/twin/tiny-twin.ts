import { fileURLToPath } from 'node:url'
import type { Twin } from '../../../adapters/soap/twin/twin.js'
import { TwinFault } from '../../../adapters/soap/twin/twin-fault.js'
import { createTwin } from '../../../adapters/soap/twin/twin-server.js'
import { groupsOf, textOf, type WireObject } from '../../../adapters/soap/twin/wire-values.js'

export const TINY_WSDL = fileURLToPath(new URL('./tiny.wsdl', import.meta.url))

export interface TinyState {
  readonly registered: string[]
  readonly files: { name: string | undefined; content: string | undefined }[]
  lastArgs: WireObject
  outOfOrder: boolean
  workDone: number
}

/** The smallest counterpart system: it registers codes, every time that it is asked, and looks them up. */
export const tinyTwin = (copyHeaders = false): Twin<TinyState> =>
  createTwin<TinyState>({
    name: 'tiny',
    wsdlPath: TINY_WSDL,
    path: '/tiny',
    copyHeaders,
    createState: () => ({ registered: [], files: [], lastArgs: {}, outOfOrder: false, workDone: 0 }),
    restore: (state, deeds) => {
      for (const deed of deeds) if (deed.what === 'REGISTERED') state.registered.push(String(deed.detail.code))
    },
    operations: {
      Register: (args, call) => {
        const code = textOf(args, 'Code') ?? ''
        if (code === 'REFUSE-ME') throw new TwinFault('Client', 'Mã hồ sơ không hợp lệ', { detail: '<Field>Code</Field>' })
        const files = groupsOf(args, 'File').map((file) => ({ name: textOf(file, 'Name'), content: textOf(file, 'Content') }))
        call.state.files.push(...call.attachments(files, 'content'))
        call.state.registered.push(code)
        call.state.lastArgs = args
        call.did('REGISTERED', { code })
        return { Result: 1, Message: `Đã nhận <${code}>` }
      },
      LookUp: (args, call) => {
        call.state.outOfOrder = call.outOfOrder
        const code = textOf(args, 'Code') ?? ''
        return { Found: call.state.registered.includes(code) ? code : '' }
      },
    },
    controls: { registerAtDesk: (body, work) => ({ registered: work.state.registered.push(String(body.code)) }) },
    dueWork: ({ state }) => {
      state.workDone += 1
    },
  })
