import { createUnionType, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { LocalDateScalar } from './scalars.js'

@ObjectType({
  simpleResolvers: true,
  description:
    'Đơn vị hành chính - administrative unit. A code alone identifies nothing (codes were re-used in 2025): code and validFrom do.',
})
export class AdministrativeUnit {
  @Field(() => ID, { description: 'Khóa trong cổng này - key within this gateway' })
  id!: number

  @Field(() => String, { description: 'Mã đơn vị hành chính' })
  code!: string

  @Field(() => String, { description: 'Tên đầy đủ' })
  name!: string

  @Field(() => String, { description: 'Cấp' })
  level!: string

  @Field(() => String, { description: 'Mã tỉnh' })
  provinceCode!: string

  @Field(() => String, { description: 'Tên tỉnh' })
  provinceName!: string

  @Field(() => LocalDateScalar, { description: 'Có hiệu lực từ ngày' })
  validFrom!: string

  @Field(() => LocalDateScalar, { nullable: true, description: 'Ngày cuối còn hiệu lực; null: in force' })
  validTo!: string | null

  @Field(() => String, { nullable: true, description: 'Mã đơn vị kế thừa; null: in force, or split (see `successors`)' })
  successorCode!: string | null

  @Field(() => String, { description: 'Nguồn và mức độ tin cậy' })
  standing!: string
}

@ObjectType({
  simpleResolvers: true,
  description: 'Kế thừa giữa hai đơn vị - the other one, which took the ground over or passed it on, and how much of it',
})
export class UnitSuccession {
  constructor(answer: UnitSuccession) {
    Object.assign(this, answer)
  }

  @Field(() => AdministrativeUnit, { description: 'Đơn vị' })
  unit!: AdministrativeUnit

  @Field(() => String, { nullable: true, description: 'Quy tắc chia: which part, when the unit was split; null: the whole of it' })
  rule!: string | null
}

const AMBIGUITIES = { SEVERAL_MEANINGS: 'SEVERAL_MEANINGS', SPLIT: 'SPLIT' } as const
export type UnitAmbiguity = keyof typeof AMBIGUITIES
registerEnumType(AMBIGUITIES, {
  name: 'UnitAmbiguity',
  description: 'Vì sao chưa rõ là đơn vị nào',
  valuesConfig: {
    SEVERAL_MEANINGS: { description: 'Mã hoặc tên đã chỉ nhiều đơn vị: name the day, or choose one' },
    SPLIT: { description: 'Đơn vị đã tách cho nhiều đơn vị: the commune alone does not say where a parcel lies now' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'Rõ một đơn vị' })
export class AdministrativeUnitFound {
  constructor(answer: AdministrativeUnitFound) {
    Object.assign(this, answer)
  }

  @Field(() => AdministrativeUnit, { description: 'Đơn vị được hỏi' })
  unit!: AdministrativeUnit

  @Field(() => [AdministrativeUnit], {
    description: 'Địa bàn đó nay thuộc: itself while it is in force; several when it was split; none when nobody has followed',
  })
  today!: AdministrativeUnit[]
}

@ObjectType({ simpleResolvers: true, description: 'Chưa rõ đơn vị nào - nothing is guessed: the caller chooses' })
export class AdministrativeUnitAmbiguous {
  constructor(answer: AdministrativeUnitAmbiguous) {
    Object.assign(this, answer)
  }

  @Field(() => AMBIGUITIES, { description: 'Lý do' })
  reason!: UnitAmbiguity

  @Field(() => [AdministrativeUnit], { description: 'Các đơn vị có thể là, newest first' })
  candidates!: AdministrativeUnit[]
}

@ObjectType({ simpleResolvers: true, description: 'Không có đơn vị nào như vậy' })
export class AdministrativeUnitUnknown {
  constructor(answer: AdministrativeUnitUnknown) {
    Object.assign(this, answer)
  }

  @Field(() => String, { description: 'Giải thích' })
  message!: string
}

export const AdministrativeUnitResolution = createUnionType({
  name: 'AdministrativeUnitResolution',
  description: 'Mã, tên ấy là đơn vị hành chính nào',
  types: () => [AdministrativeUnitFound, AdministrativeUnitAmbiguous, AdministrativeUnitUnknown] as const,
})

@ObjectType({ simpleResolvers: true, description: 'Thủ tục hành chính - public procedure' })
export class Procedure {
  @Field(() => ID, { description: 'Mã thủ tục: the first eight characters' })
  code!: string

  @Field(() => String, { description: 'Tên thủ tục' })
  name!: string

  @Field(() => String, { description: 'Mã lĩnh vực' })
  fieldCode!: string

  @Field(() => String, { description: 'Tên lĩnh vực' })
  fieldName!: string

  @Field(() => Int, { nullable: true, description: 'Thời hạn giải quyết, working days; null: not known' })
  statutoryDays!: number | null

  @Field(() => String, { description: 'Mức độ tin cậy của thời hạn - of the statutory time: C confirmed, B background' })
  standing!: string

  @Field(() => Boolean, { description: 'Thuộc diện liên thông đất đai' })
  landRegistration!: boolean
}
