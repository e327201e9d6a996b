import { Field, Float, ObjectType } from 'type-graphql'
import { DUE_DATE_STEP_KINDS, type DueDateStep, NOT_COMPUTABLE_REASONS, type NotComputableReason } from '../model/due-date.js'
import type { SystemId } from '../model/system.js'
import { describedEnum, SystemIdEnum } from './enums.js'
import { InstantScalar } from './scalars.js'

const StepKindEnum = describedEnum('DeadlineStepKind', 'Loại bước tính hạn trả - what a step of a due date does', DUE_DATE_STEP_KINDS, {
  RECEIVED: 'Tiếp nhận: the clock begins',
  COUNTED: 'Tính thời gian làm việc',
  STOPPED: 'Tạm dừng',
  RESTARTED: 'Tính lại từ đầu',
  IGNORED: 'Không đổi cách tính',
  DUE: 'Hạn trả',
})

const ReasonEnum = describedEnum(
  'DeadlineNotComputable',
  'Vì sao chưa tính được hạn trả - why a due date cannot be computed',
  NOT_COMPUTABLE_REASONS,
  {
    NOT_RECEIVED: 'Chưa tiếp nhận',
    NOT_ACCEPTED: 'Không được tiếp nhận',
    NO_STATUTORY_TIME: 'Chưa có thời hạn của thủ tục cho ngày tiếp nhận',
    NO_RULE: 'Chưa có quy tắc cho ngày đó',
    HISTORY_INCOMPLETE: 'Không đủ diễn biến',
    OUT_OF_ORDER: 'Diễn biến không khớp thứ tự',
    SUPPLEMENT_WITHOUT_DEMAND: 'Bổ sung mà không có yêu cầu',
    PAUSE_OPEN: 'Đang tạm dừng',
    CALENDAR_MISSING: 'Lịch làm việc chưa có ngày nghỉ cho thời gian đó',
  },
)

const HowEnum = describedEnum(
  'ToldDueDateHow',
  'Biết bằng cách nào - how a due date at a system is known',
  ['TOLD', 'DELIVERED'] as const,
  {
    TOLD: 'Hệ thống ấy báo',
    DELIVERED: 'Đã gửi, và hệ thống ấy đã nhận',
  },
)

@ObjectType({ simpleResolvers: true, description: 'Hạn trả tại một hệ thống, as far as the gateway knows' })
export class ToldDueDate {
  @Field(() => InstantScalar, { description: 'Hạn trả' })
  dueAt!: Date

  @Field(() => InstantScalar, { description: 'Biết từ lúc' })
  at!: Date

  @Field(() => HowEnum, { description: 'Biết bằng cách nào' })
  how!: 'TOLD' | 'DELIVERED'
}

@ObjectType({ simpleResolvers: true, description: 'Một bước tính hạn trả - in the order of time; can be checked by hand' })
export class DeadlineStep {
  @Field(() => StepKindEnum, { description: 'Loại bước' })
  kind!: DueDateStep['kind']

  @Field(() => InstantScalar, { description: 'Từ lúc' })
  from!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Đến lúc; null: not ended' })
  to!: Date | null

  @Field(() => Float, { description: 'Số giờ làm việc được tính' })
  countedHours!: number

  @Field(() => Float, { description: 'Cộng dồn, số giờ làm việc' })
  totalHours!: number

  @Field(() => String, { nullable: true, description: 'Theo quy tắc nào' })
  rule!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Mức tin cậy và nguồn của quy tắc: C public document, code, I inferred, B to be confirmed',
  })
  standing!: string | null

  @Field(() => [String], { description: 'Ngày nghỉ không tính, `yyyy-MM-dd`' })
  daysOff!: readonly string[]

  @Field(() => [String], { description: 'Ngày làm bù có tính, `yyyy-MM-dd`' })
  compensatingDays!: readonly string[]

  @Field(() => String, { description: 'Diễn giải bằng tiếng Việt' })
  sentence!: string
}

@ObjectType({
  simpleResolvers: true,
  description: 'Hạn trả tính lại - what the due date should be by the working calendar and the dated rules, beside what each system says',
})
export class DossierDeadline {
  @Field(() => InstantScalar, { nullable: true, description: 'Hạn trả tính được; null: not computable, `because` says why' })
  computed!: Date | null

  @Field(() => ReasonEnum, { nullable: true, description: 'Vì sao chưa tính được' })
  notComputable!: NotComputableReason | null

  @Field(() => String, { nullable: true, description: 'Vì sao chưa tính được, in words' })
  because!: string | null

  @Field(() => Float, { nullable: true, description: 'Số giờ làm việc còn lại: what is left while the clock stands' })
  leftHours!: number | null

  @Field(() => Float, { description: 'Số giờ của một ngày làm việc' })
  hoursPerDay!: number

  @Field(() => Boolean, {
    description: 'Tạm tính: holidays before the computed date are not announced, or not loaded, yet; `reservations` say which',
  })
  provisional!: boolean

  @Field(() => [String], {
    description: 'Điều chưa chắc: what is not sure about the computed date, such as holidays that are not announced yet',
  })
  reservations!: readonly string[]

  @Field(() => [String], {
    description: 'Căn cứ chưa xác nhận: times, rules, hours and days off that it stands on and that no public document was read for',
  })
  unconfirmed!: readonly string[]

  @Field(() => InstantScalar, { description: 'Hạn trả đang dùng: in force in the gateway' })
  inForce!: Date

  @Field(() => ToldDueDate, { nullable: true, description: 'Hạn trả tại một cửa' })
  atOneStop!: ToldDueDate | null

  @Field(() => ToldDueDate, { nullable: true, description: 'Hạn trả tại cơ quan đất đai' })
  atRegistry!: ToldDueDate | null

  @Field(() => ToldDueDate, { nullable: true, description: 'Hạn trả tại cổng dịch vụ công' })
  atPortal!: ToldDueDate | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Các bên khớp với hạn tính được, by the day; systems that have named none do not count. Null: not computable',
  })
  agrees!: boolean | null

  @Field(() => [SystemIdEnum], { description: 'Hệ thống có hạn khác' })
  differing!: readonly SystemId[]

  @Field(() => [DeadlineStep], { description: 'Diễn giải từng bước' })
  explanation!: readonly DeadlineStep[]
}
