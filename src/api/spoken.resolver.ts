import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { KEY_REUSED_IN_ENGLISH } from '../model/refusals-english.js'
import { ActRefused, ClientKeyReused, InputRefused } from './mutation-result.type.js'
import type { RequestContext } from './request-context.js'

/**
 * Lời từ chối, in the language that was asked for (`X-Language`). What refuses says a code and a Vietnamese sentence, which are kept with the client's key as they are; here alone, where they are
 * shown, the code is told in English.
 */
@Resolver(() => ActRefused)
export class ActRefusedResolver {
  @FieldResolver(() => String, { description: 'Giải thích' })
  message(@Root() refused: ActRefused, @Ctx() context: RequestContext): string {
    return context.spoken(refused)
  }
}

@Resolver(() => InputRefused)
export class InputRefusedResolver {
  @FieldResolver(() => String, { description: 'Giải thích' })
  message(@Root() refused: InputRefused, @Ctx() context: RequestContext): string {
    return context.spoken(refused)
  }
}

@Resolver(() => ClientKeyReused)
export class ClientKeyReusedResolver {
  @FieldResolver(() => String, { description: 'Giải thích' })
  message(@Root() { message }: ClientKeyReused, @Ctx() { language }: RequestContext): string {
    return language === 'en' ? KEY_REUSED_IN_ENGLISH : message
  }
}
