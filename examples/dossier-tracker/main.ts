import WebSocket from 'ws'
import { followDossier } from './follow-dossier.js'
import { type Gateway, NotLoggedIn, RequestRefused, TryAgainLater } from './gateway.js'
import { listDossiers } from './list-dossiers.js'
import { madeUpDossier } from './made-up-dossier.js'
import { readSettings, SettingsError } from './settings.js'
import { showDossier } from './show-dossier.js'
import { submitDossier } from './submit-dossier.js'

/**
 * `npm run example [-- --url … --token …]`: an officer's small app, from the terminal. It hands a dossier in, finds it in the list, shows it part by
 * part, and follows it over a connection that is cut on the way. Ends with 1 and a sentence when something is wrong.
 */
const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

class ExampleFailed extends Error {}

const handIn = async (gateway: Gateway): Promise<string> => {
  const input = madeUpDossier(new Date())
  const first = await submitDossier(gateway, input)
  if (first.kind === 'REFUSED') throw new ExampleFailed(`Hồ sơ bị từ chối (${first.field ?? ''}): ${first.message}`)
  say(`Đã nộp hồ sơ ${first.code}.`)
  const again = await submitDossier(gateway, input)
  if (again.kind !== 'ACCEPTED' || !again.repeated) throw new ExampleFailed('Gửi lại cùng khóa mà không được nhận ra.')
  say('Gửi lại cùng khóa: cổng nhận ra, không nhận hai lần.')
  const other = await submitDossier(gateway, { ...input, summary: 'Nội dung khác' })
  if (other.kind !== 'REFUSED') throw new ExampleFailed('Cùng khóa với nội dung khác mà không bị từ chối.')
  say(`Cùng khóa, nội dung khác: ${other.message}`)
  return first.code
}

const findInList = async (gateway: Gateway, code: string): Promise<void> => {
  let seen = 0
  for await (const line of listDossiers(gateway, {}, 5)) {
    seen += 1
    if (line.code !== code) continue
    say(`Trong danh sách, dòng ${seen}: ${line.code}, ${line.statusLabel}, hẹn trả ${line.dueAt}`)
    return
  }
  throw new ExampleFailed(`Không thấy ${code} trong ${seen} hồ sơ của danh sách.`)
}

const show = async (gateway: Gateway, code: string): Promise<void> => {
  for await (const { data, faults } of showDossier(gateway, code)) {
    if (!data.dossier) throw new ExampleFailed(faults[0]?.message ?? `Không có hồ sơ ${code}.`)
    const { statusLabel, applicant, parcels } = data.dossier
    say(`${code}: ${statusLabel}, người nộp ${applicant.fullName}`)
    for (const { mapSheetNumber, parcelNumber, live } of parcels) {
      const now = live === undefined ? 'đang hỏi ViLIS…' : (live?.freshness.staleBecause ?? `${live?.areaM2 ?? 'chưa có'} m²`)
      say(`  thửa ${parcelNumber}, tờ ${mapSheetNumber}: ${now}`)
    }
    for (const { message, path } of faults) say(`  thiếu ${path?.join('.') ?? ''}: ${message}`)
  }
}

const follow = async (gateway: Gateway, code: string, wanted: number, patienceMs: number): Promise<void> => {
  const seen = new Set<string>()
  const { changes, cut, stop } = followDossier(gateway, code, { webSocketImpl: WebSocket })
  const impatience = setTimeout(stop, patienceMs)
  say(`Theo dõi ${code}: đợi ${wanted} thay đổi, nhiều nhất ${patienceMs / 1_000} giây.`)
  try {
    for await (const { eventId, topic, dossier } of changes) {
      if (seen.has(eventId)) throw new ExampleFailed(`Thay đổi ${eventId} đến hai lần.`)
      seen.add(eventId)
      say(`  ${eventId} ${topic === 'DOSSIER' ? 'hồ sơ' : 'liên thông'}: ${dossier.statusLabel}, ${dossier.interlink.state}`)
      if (seen.size === wanted) return
      if (seen.size === 2) {
        say('  (cắt kết nối; nối lại từ thay đổi vừa nhận)')
        cut()
      }
    }
  } finally {
    clearTimeout(impatience)
  }
  throw new ExampleFailed(`Sau ${patienceMs / 1_000} giây mới có ${seen.size} thay đổi.`)
}

try {
  const { changes, patienceMs, ...gateway } = await readSettings(process.argv.slice(2), process.env)
  const code = await handIn(gateway)
  await findInList(gateway, code)
  await show(gateway, code)
  await follow(gateway, code, changes, patienceMs)
  say('Xong.')
} catch (error) {
  const isExpected = [ExampleFailed, SettingsError, RequestRefused, TryAgainLater].some((kind) => error instanceof kind)
  process.stderr.write(`${isExpected ? (error as Error).message : String((error as Error).stack)}\n`)
  if (error instanceof NotLoggedIn) process.stderr.write('Hãy lấy mã đăng nhập mới: "npm start" in ra một mã cho mỗi vai trò.\n')
  process.exitCode = 1
}
