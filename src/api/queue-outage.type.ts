import { Field, ObjectType } from 'type-graphql'
import { InstantScalar } from './scalars.js'

@ObjectType({ simpleResolvers: true, description: 'Hàng đợi không tới được - a process that cannot reach the Redis of the queue now' })
export class QueueOutage {
  @Field(() => String, { description: 'Tiến trình: machine and process id' })
  process!: string

  @Field(() => InstantScalar, { description: 'Từ lúc' })
  since!: Date

  @Field(() => String, { description: 'Lý do, as a code, such as ECONNREFUSED' })
  cause!: string
}
