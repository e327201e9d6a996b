import { ArrayMaxSize, IsOptional, Matches, MaxLength } from 'class-validator'
import { Field, Float, InputType, Int, ObjectType } from 'type-graphql'
import { REPORT_BASES, REPORT_DIMENSIONS, type ReportBasis } from '../model/month-report.js'
import type { SystemId } from '../model/system.js'
import { describedEnum, SystemIdEnum } from './enums.js'
import { InstantScalar } from './scalars.js'

export const ReportBasisEnum = describedEnum('ReportBasis', 'Hồ sơ thuộc tháng nào', REPORT_BASES, {
  DUE: 'Theo ngày hẹn trả: each dossier belongs to one month, and one that never ends is late in its own',
  FINISHED: 'Theo ngày có kết quả tại bộ phận một cửa',
})

export const ReportDimensionEnum = describedEnum('ReportDimension', 'Báo cáo theo', REPORT_DIMENSIONS, {
  MONTH: 'Tháng',
  COMMUNE: 'Xã, as it received',
  PROCEDURE: 'Thủ tục',
  SYSTEM: 'Hệ thống: a dossier that waited on two stands in both; it was late because of the one on which it waited longest',
})

const MONTH = /^20\d\d-(0[1-9]|1[0-2])$/
const MONTH_SENTENCE = { message: 'Tháng phải có dạng yyyy-MM, ví dụ 2026-11.' }

@InputType({ description: 'Điều kiện của báo cáo tháng' })
export class MonthReportFilterInput {
  @Field(() => String, { description: 'Từ tháng, yyyy-MM' })
  @Matches(MONTH, MONTH_SENTENCE)
  from!: string

  @Field(() => String, { description: 'Đến hết tháng, yyyy-MM; ten years at most' })
  @Matches(MONTH, MONTH_SENTENCE)
  to!: string

  @Field(() => ReportBasisEnum, { nullable: true, description: 'Theo ngày nào. Mặc định DUE' })
  basis?: ReportBasis | null

  @Field(() => [String], { nullable: true, description: 'Mã xã hiện nay - what their predecessors received is theirs' })
  @IsOptional()
  @ArrayMaxSize(50, { message: 'Chọn nhiều nhất 50 xã.' })
  @MaxLength(5, { each: true, message: 'Mã xã có năm chữ số.' })
  communes?: string[] | null

  @Field(() => [String], { nullable: true, description: 'Mã thủ tục, the first eight characters' })
  @IsOptional()
  @ArrayMaxSize(50, { message: 'Chọn nhiều nhất 50 thủ tục.' })
  @MaxLength(8, { each: true, message: 'Mã thủ tục dài nhất 8 ký tự, ví dụ 1.012783.' })
  procedures?: string[] | null

  @Field(() => SystemIdEnum, { nullable: true, description: 'Hồ sơ đã chờ hệ thống này' })
  systemId?: SystemId | null
}

@ObjectType({ simpleResolvers: true, description: 'Một dòng của báo cáo. Times are working time of the office' })
export class MonthReportRow {
  @Field(() => String, { nullable: true, description: 'Tháng, yyyy-MM' })
  month!: string | null

  @Field(() => String, { nullable: true, description: 'Mã xã' })
  communeCode!: string | null

  @Field(() => String, { nullable: true, description: 'Tên xã' })
  communeName!: string | null

  @Field(() => String, { nullable: true, description: 'Mã thủ tục' })
  procedureCode!: string | null

  @Field(() => String, { nullable: true, description: 'Tên thủ tục' })
  procedureName!: string | null

  @Field(() => SystemIdEnum, { nullable: true, description: 'Hệ thống' })
  systemId!: SystemId | null

  @Field(() => Int, { description: 'Số hồ sơ' })
  dossiers!: number

  @Field(() => Int, { description: 'Đúng hạn' })
  onTime!: number

  @Field(() => Int, { description: 'Trễ hạn vì lý do khác' })
  late!: number

  @Field(() => Int, {
    description: 'Trễ hạn vì liên thông: would have been on time without the working time that it waited on the interlink',
  })
  lateByInterlink!: number

  @Field(() => Int, { description: 'Đang giải quyết, chưa đến hạn' })
  open!: number

  @Field(() => Int, { description: 'Đã rút, không tiếp nhận' })
  left!: number

  @Field(() => Float, { description: 'Chờ bộ phận một cửa, hours' })
  deskHours!: number

  @Field(() => Float, { description: 'Chờ cơ quan đăng ký đất đai, hours' })
  registryHours!: number

  @Field(() => Float, { description: 'Chờ cơ quan thuế, hours' })
  taxHours!: number

  @Field(() => Float, { description: 'Chờ người nộp, hours' })
  applicantHours!: number

  @Field(() => Float, { description: 'Chờ liên thông, hours' })
  interlinkHours!: number

  @Field(() => Float, {
    description: 'Tiết kiệm nhờ tự gửi lại, hours: against an office where a person looks through what failed once a working day',
  })
  savedHours!: number
}

@ObjectType({ simpleResolvers: true, description: 'Báo cáo tháng - on time, late, late because of the interlink, and what retries saved' })
export class MonthReport {
  @Field(() => InstantScalar, { nullable: true, description: 'Sổ được tính đến lúc; null: not begun' })
  asOf!: Date | null

  @Field(() => Boolean, { description: 'Sổ đã đủ mọi hồ sơ; false: it is still being worked out, and numbers grow' })
  isWhole!: boolean

  @Field(() => MonthReportRow, { description: 'Tổng' })
  total!: MonthReportRow

  @Field(() => [MonthReportRow], { description: 'Các dòng: as many as there are months, communes, procedures or systems' })
  rows!: readonly MonthReportRow[]
}
