import { Field, Int, ObjectType } from 'type-graphql'
import { InstantScalar } from './scalars.js'

@ObjectType({
  simpleResolvers: true,
  description: 'Đợt khôi phục - after a restore from a backup everything since then is inquired before anything is sent',
})
export class Recovery {
  @Field(() => Boolean, { description: 'Đang mở' })
  open!: boolean

  @Field(() => InstantScalar, { nullable: true, description: 'Thời điểm của bản sao lưu' })
  backupAt!: Date | null

  @Field(() => InstantScalar, { nullable: true, description: 'Mở lúc' })
  openedAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Lý do' })
  reason!: string | null

  @Field(() => Int, { description: 'Số lượt chưa hỏi xong' })
  remaining!: number

  @Field(() => Int, { description: 'Số lượt bên nhận đã có' })
  found!: number

  @Field(() => Int, { description: 'Số lượt bên nhận chưa có: sent, or about to be' })
  notThere!: number

  @Field(() => Int, { description: 'Số lượt giữ lại chờ người xử lý' })
  held!: number

  @Field(() => [String], { description: 'Hệ thống chưa đọc lại hết thay đổi - since the opening' })
  unread!: readonly string[]
}
