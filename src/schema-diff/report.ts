import type { SchemaChange, Severity } from './compare-schemas.js'

const TITLES: Readonly<Record<Severity, string>> = {
  BREAKING: 'Làm hỏng ứng dụng đang chạy (breaking)',
  ANNOUNCED: 'Bỏ đúng như đã báo trước (announced removal)',
  DANGEROUS: 'Cần xem lại (dangerous)',
  SAFE: 'An toàn (safe)',
}

/** For the person at the terminal: a block a severity, a line a change, and what to do when something breaks. */
export const reportLines = (changes: readonly SchemaChange[]): readonly string[] => {
  if (changes.length === 0) return ['Lược đồ không thay đổi.']
  const blocks = (Object.keys(TITLES) as Severity[]).flatMap((severity) => {
    const some = changes.filter((change) => change.severity === severity)
    if (some.length === 0) return []
    const lines = some.flatMap(({ path, message, reason }) => [
      `  ${path}: ${message}`,
      ...(severity === 'SAFE' || reason === undefined ? [] : [`      ${reason}`]),
    ])
    return [`${TITLES[severity]}: ${some.length}`, ...lines, '']
  })
  const breaks = changes.some(({ severity }) => severity === 'BREAKING')
  return [
    ...blocks,
    breaks
      ? 'Không phát hành như vậy: giữ phần cũ, đánh dấu @deprecated(reason: "Bỏ từ <yyyy-MM-dd>: dùng …") và bỏ sau ngày đó.'
      : 'Ứng dụng đang chạy không bị ảnh hưởng.',
  ]
}
