import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { SystemId } from '../model/system.js'
import { SystemHealthEnum } from './enums.js'
import { InstantScalar } from './scalars.js'

@ObjectType({ simpleResolvers: true, description: 'Hệ thống liên thông - a foreign system as all processes of the gateway know it' })
export class ForeignSystem {
  @Field(() => ID, { description: 'Mã hệ thống' })
  id!: SystemId

  @Field(() => String, { description: 'Tên' })
  name!: string

  @Field(() => Boolean, { description: 'Đang bật' })
  enabled!: boolean

  @Field(() => SystemHealthEnum, { description: 'Tình trạng' })
  health!: 'UP' | 'DOWN' | 'UNKNOWN'

  @Field(() => InstantScalar, { description: 'Từ lúc' })
  healthSince!: Date

  @Field(() => InstantScalar, { nullable: true, description: 'Lần thành công gần nhất' })
  lastSuccessAt!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Lần lỗi gần nhất' })
  lastFailureAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Nội dung lỗi gần nhất; only for who keeps the interlink running' })
  lastFailure!: string | null

  @Field(() => Int, { description: 'Số lượt đang chờ, of dossiers that the caller may see' })
  queueDepth!: number

  @Field(() => Int, { description: 'Số lượt cần người xử lý, of dossiers that the caller may see' })
  attentionCount!: number

  @Field(() => InstantScalar, { nullable: true, description: 'Lượt chờ lâu nhất, lập lúc' })
  oldestWaitingAt!: Date | null
}
