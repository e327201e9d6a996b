import type { Fault } from '../fault.js'

/** What can happen to our own processes. */
export const PROCESS_FAULTS: readonly Fault[] = [
  {
    name: 'calm',
    title: 'không có lỗi nào: mức so sánh',
    run: ({ intake, size }) => intake.fill(size),
  },
]
