import { Field, Int, ObjectType } from 'type-graphql'
import type { SystemId } from '../model/system.js'
import { SystemIdEnum } from './enums.js'
import { InstantScalar } from './scalars.js'

@ObjectType({
  simpleResolvers: true,
  description: 'Đường nối tới một hệ thống - what a look at its address shows, from where the gateway runs',
})
export class SystemConnection {
  @Field(() => SystemIdEnum, { description: 'Hệ thống' })
  systemId!: SystemId

  @Field(() => Boolean, { description: 'Có trả lời, whatever it said' })
  reached!: boolean

  @Field(() => String, { nullable: true, description: 'Vì sao không: a code such as ECONNREFUSED, TIMEOUT, CERT_HAS_EXPIRED' })
  problem!: string | null

  @Field(() => Int, { description: 'Thời gian, ms' })
  elapsedMs!: number

  @Field(() => Int, { nullable: true, description: 'Mã HTTP' })
  httpStatus!: number | null

  @Field(() => Boolean, { description: 'Có đưa ra mô tả dịch vụ: its WSDL, at `?wsdl`' })
  servesWsdl!: boolean

  @Field(() => Int, { nullable: true, description: 'Đồng hồ bên đó nhanh hơn của cổng bao nhiêu, ms, to a second; null: it does not tell' })
  clockAheadMs!: number | null

  @Field(() => InstantScalar, { nullable: true, description: 'Chứng thư hết hạn lúc; null: no TLS, or not reached' })
  certificateEndsAt!: Date | null
}
