/** Thời gian làm việc bằng lời: `1 ngày 3 giờ 30 phút làm việc`; a day is the office's day of `hoursPerDay` hours. */
export const describeWorkingTime = (ms: number, hoursPerDay: number): string => {
  const minutes = Math.round(ms / 60_000)
  const perDay = Math.round(hoursPerDay * 60)
  const parts = [
    [Math.floor(minutes / perDay), 'ngày'],
    [Math.floor((minutes % perDay) / 60), 'giờ'],
    [(minutes % perDay) % 60, 'phút'],
  ] as const
  const words = parts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : []))
  return `${words.length > 0 ? words.join(' ') : 'dưới 1 phút'} làm việc`
}
