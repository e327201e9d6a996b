import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { CauseSide } from '../model/cause-side.js'
import type { WaitKind } from '../model/interlink-wait.js'
import { describeOutcome, LEDGER_OUTCOMES, type LedgerOutcome } from '../model/ledger-outcome.js'
import type { Operation, SystemId } from '../model/system.js'
import { describeParty, WAITING_PARTIES, type WaitingParty } from '../model/waiting-party.js'
import { CauseSideEnum, describedEnum, OperationEnum, SystemIdEnum, textsOf } from './enums.js'
import { InstantScalar } from './scalars.js'

export const WaitingPartyEnum = describedEnum(
  'WaitingParty',
  'Bên đang được chờ - who was waited for; at every moment exactly one',
  WAITING_PARTIES,
  textsOf(WAITING_PARTIES, describeParty),
)

export const LedgerOutcomeEnum = describedEnum(
  'LedgerOutcome',
  'Đúng hạn, trễ hạn - whether the result was at the desk by the due date, and if not whether the interlink is why',
  LEDGER_OUTCOMES,
  textsOf(LEDGER_OUTCOMES, describeOutcome),
)

const WAIT_KINDS = ['SENDING', 'TOLD_LATE', 'DRIFT'] as const satisfies readonly WaitKind[]
export const WaitKindEnum = describedEnum('InterlinkWaitKind', 'Loại chờ liên thông', WAIT_KINDS, {
  SENDING: 'Chưa chuyển được sang hệ thống khác',
  TOLD_LATE: 'Hệ thống khác thông tin đến muộn',
  DRIFT: 'Số liệu hai bên khác nhau, từ lúc phát hiện đến lúc sửa',
})

@ObjectType({ simpleResolvers: true, description: 'Thời gian chờ một bên' })
export class PartyTime {
  @Field(() => WaitingPartyEnum, { description: 'Bên' })
  party!: WaitingParty

  @Field(() => String, { description: 'Tên bên' })
  partyLabel!: string

  @Field(() => Int, { description: 'Thời gian làm việc, seconds of the office' })
  workingSeconds!: number

  @Field(() => Int, { description: 'Thời gian theo lịch, seconds' })
  calendarSeconds!: number
}

@ObjectType({ simpleResolvers: true, description: 'Thời gian chờ liên thông với một hệ thống' })
export class SystemTime {
  @Field(() => SystemIdEnum, { description: 'Hệ thống' })
  systemId!: SystemId

  @Field(() => Int, { description: 'Hồ sơ phải chờ, working seconds' })
  waitedWorkingSeconds!: number

  @Field(() => Int, { description: 'Hồ sơ phải chờ, seconds by the clock' })
  waitedCalendarSeconds!: number

  @Field(() => Int, { description: 'Gián đoạn trong khi bên khác vẫn làm việc, working seconds: nobody was held up' })
  besideWorkingSeconds!: number

  @Field(() => Int, { description: 'Tiết kiệm nhờ tự gửi lại, working seconds' })
  savedSeconds!: number

  @Field(() => Boolean, { description: 'Đang chờ' })
  isWaiting!: boolean
}

@ObjectType({ simpleResolvers: true, description: 'Một khoảng chờ liên thông' })
export class InterlinkWait {
  @Field(() => WaitKindEnum, { description: 'Loại' })
  kind!: WaitKind

  @Field(() => SystemIdEnum, { description: 'Hệ thống' })
  systemId!: SystemId

  @Field(() => OperationEnum, { nullable: true, description: 'Nghiệp vụ của lượt gửi' })
  operation!: Operation | null

  @Field(() => ID, { nullable: true, description: 'Lượt liên thông' })
  transferId!: string | null

  @Field(() => String, { description: 'Bằng lời' })
  sentence!: string

  @Field(() => InstantScalar, { description: 'Từ lúc: the first failed attempt, or when it was planned if nobody tried it' })
  from!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Đến lúc; null: still waiting' })
  to!: Date | null

  @Field(() => Boolean, { description: 'Hồ sơ phải chờ; false: it went on beside the work of others' })
  holds!: boolean

  @Field(() => CauseSideEnum, { description: 'Nguyên nhân ở phía nào' })
  side!: CauseSide

  @Field(() => String, { description: 'Phía, bằng lời' })
  sideLabel!: string
}

@ObjectType({ simpleResolvers: true, description: 'Một bước của quá trình giải quyết (hồ sơ ISO 9001)' })
export class ProcessStep {
  @Field(() => Int, { description: 'Thứ tự' })
  number!: number

  @Field(() => String, { description: 'Tên bước' })
  name!: string

  @Field(() => WaitingPartyEnum, { description: 'Bên chịu trách nhiệm' })
  party!: WaitingParty

  @Field(() => String, { description: 'Tên bên' })
  partyLabel!: string

  @Field(() => String, { nullable: true, description: 'Cán bộ, when the registry names one' })
  officer!: string | null

  @Field(() => InstantScalar, { description: 'Bắt đầu' })
  from!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Kết thúc; null: it goes on' })
  to!: Date | null

  @Field(() => Int, { description: 'Thời gian làm việc, seconds' })
  workingSeconds!: number

  @Field(() => Int, { nullable: true, description: 'Thời hạn nội bộ của bước, working seconds; null: none is set' })
  limitSeconds!: number | null

  @Field(() => Boolean, { nullable: true, description: 'Trong hạn; null: no limit, or it goes on within it' })
  isWithin!: boolean | null
}

@ObjectType({ simpleResolvers: true, description: 'Thời gian của cơ quan giải quyết so với thời hạn theo quy định của thủ tục' })
export class WholeProcess {
  @Field(() => Int, { description: 'Đã dùng, working seconds: desk, registry and interlink' })
  workingSeconds!: number

  @Field(() => Int, { nullable: true, description: 'Thời hạn theo quy định, working seconds; null: not known' })
  limitSeconds!: number | null

  @Field(() => Boolean, { nullable: true, description: 'Trong hạn' })
  isWithin!: boolean | null
}

@ObjectType({
  simpleResolvers: true,
  description: 'Sổ thời gian liên thông - who was waited for from reception to the result at the desk, in working time of the office',
})
export class TimeLedger {
  @Field(() => InstantScalar, { description: 'Tính đến lúc' })
  asOf!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Kết quả có ở bộ phận một cửa lúc; null: not yet' })
  closedAt!: Date | null

  @Field(() => LedgerOutcomeEnum, { description: 'Đúng hạn, trễ hạn' })
  outcome!: LedgerOutcome

  @Field(() => String, { description: 'Bằng lời' })
  outcomeLabel!: string

  @Field(() => Int, { description: 'Quá hạn, working seconds' })
  lateSeconds!: number

  @Field(() => Int, { description: 'Tiết kiệm nhờ tự gửi lại, working seconds' })
  savedSeconds!: number

  @Field(() => [PartyTime], { description: 'Thời gian chờ từng bên; together the whole' })
  parties!: readonly PartyTime[]

  @Field(() => [SystemTime], { description: 'Liên thông, theo hệ thống' })
  systems!: readonly SystemTime[]

  @Field(() => [InterlinkWait], { description: 'Các khoảng chờ liên thông' })
  waits!: readonly InterlinkWait[]

  @Field(() => [ProcessStep], { description: 'Các bước' })
  steps!: readonly ProcessStep[]

  @Field(() => WholeProcess, { description: 'Toàn bộ' })
  whole!: WholeProcess
}
