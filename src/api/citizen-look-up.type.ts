import { createUnionType, Field, Int, ObjectType } from 'type-graphql'
import { CITIZEN_WAITS, type CitizenWait, DUE_STATES, type DueState } from '../model/citizen-view.js'
import type { DossierStatus } from '../model/dossier-status.js'
import { DossierStatusEnum, describedEnum } from './enums.js'
import { InputRefused } from './mutation-result.type.js'
import { InstantScalar } from './scalars.js'

const CitizenWaitEnum = describedEnum('CitizenWait', 'Hồ sơ chờ ai - whose turn it is, for the applicant', CITIZEN_WAITS, {
  DESK: 'Bộ phận một cửa',
  REGISTRY: 'Cơ quan đăng ký đất đai',
  TAX: 'Cơ quan thuế: its notice',
  APPLICANT: 'Người nộp hồ sơ: to supplement, to pay or to fetch',
  INTERLINK: 'Việc chuyển giữa các hệ thống: something does not get through, and it is no fault of the applicant',
  NOBODY: 'Không chờ ai: it is over',
})

const DueStateEnum = describedEnum('DueState', 'Thời hạn giải quyết - how the dossier stands to its due date', DUE_STATES, {
  NOT_STARTED: 'Chưa tính',
  RUNNING: 'Trong hạn',
  OVERDUE: 'Đã quá hạn',
  SUSPENDED: 'Tạm dừng: while the applicant is waited for',
  ENDED: 'Đã kết thúc',
})

@ObjectType({
  simpleResolvers: true,
  description: 'Hồ sơ theo mắt người dân - what anybody who knows the code and the check is told. No personal data, no land',
})
export class CitizenDossier {
  constructor(answer: CitizenDossier) {
    Object.assign(this, answer)
  }

  @Field(() => String, { description: 'Mã hồ sơ' })
  code!: string

  @Field(() => String, { description: 'Tên thủ tục' })
  procedureName!: string

  @Field(() => String, { description: 'Nơi tiếp nhận' })
  receivingUnitName!: string

  @Field(() => DossierStatusEnum, { description: 'Trạng thái quốc gia' })
  status!: DossierStatus

  @Field(() => String, { description: 'Tên trạng thái' })
  statusLabel!: string

  @Field(() => InstantScalar, { description: 'Thời điểm của trạng thái' })
  statusAt!: Date

  @Field(() => InstantScalar, { description: 'Ngày tiếp nhận' })
  receivedAt!: Date

  @Field(() => InstantScalar, { description: 'Ngày hẹn trả' })
  dueAt!: Date

  @Field(() => DueStateEnum, { description: 'Thời hạn' })
  dueState!: DueState

  @Field(() => CitizenWaitEnum, { description: 'Đang chờ ai' })
  waitingFor!: CitizenWait

  @Field(() => String, { description: 'Đang chờ gì, a sentence' })
  waitingText!: string

  @Field(() => String, { description: 'Việc tiếp theo, a sentence' })
  nextStep!: string

  @Field(() => String, {
    nullable: true,
    description: 'Vướng mắc - what the interlink does not get through beside what is waited for, a sentence; null: none',
  })
  trouble!: string | null

  @Field(() => InstantScalar, { nullable: true, description: 'Vướng từ lúc; null: nothing is held up' })
  troubleSince!: Date | null

  @Field(() => InstantScalar, { description: 'Thông tin tính đến' })
  asOf!: Date
}

@ObjectType({
  simpleResolvers: true,
  description:
    'Không tra được - the same answer for a code that is none, for digits that are not the applicant’s, and for who has no number',
})
export class LookUpFailed {
  @Field(() => String, { description: 'Giải thích' })
  message: string =
    'Không có hồ sơ nào khớp với mã hồ sơ và bốn số cuối này. Xin xem lại giấy tiếp nhận; bốn số là của số định danh (CCCD), hộ chiếu hoặc mã số thuế của người đứng tên nộp. Người nộp không có số nào như thế xin hỏi bộ phận một cửa.'
}

@ObjectType({ simpleResolvers: true, description: 'Tra cứu quá nhiều lần - also told by Retry-After' })
export class LookUpTooOften {
  constructor(answer: LookUpTooOften) {
    Object.assign(this, answer)
  }

  @Field(() => String, { description: 'Giải thích' })
  message!: string

  @Field(() => Int, { description: 'Số giây phải chờ' })
  retryAfterSeconds!: number
}

export const CitizenLookUpResult = createUnionType({
  name: 'CitizenLookUpResult',
  description: 'Kết quả tra cứu hồ sơ của người dân',
  types: () => [CitizenDossier, LookUpFailed, LookUpTooOften, InputRefused] as const,
})
export type CitizenLookUpAnswer = CitizenDossier | LookUpFailed | LookUpTooOften | InputRefused
