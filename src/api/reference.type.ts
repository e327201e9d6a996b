import { Field, ID, Int, ObjectType } from 'type-graphql'
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

  @Field(() => String, { nullable: true, description: 'Mã đơn vị kế thừa' })
  successorCode!: string | null

  @Field(() => String, { description: 'Nguồn và mức độ tin cậy' })
  standing!: string
}

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
