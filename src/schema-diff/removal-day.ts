/**
 * From which day on a deprecated part of the schema may be gone, `yyyy-MM-dd` in Viet Nam; undefined when its reason names none. A reason
 * reads "Bỏ từ 2027-06-30: dùng `statusCode` - removed from that day on, use `statusCode`".
 */
export const removalDayOf = (reason: string | null | undefined): string | undefined =>
  /^Bỏ từ (\d{4}-\d{2}-\d{2})\b/.exec(reason ?? '')?.[1]
