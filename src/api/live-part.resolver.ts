import type { GraphQLResolveInfo } from 'graphql'
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql'
import type { ReadMode } from '../dossier/read-ask.js'
import { DossierCertificate, DossierParcel } from './dossier.type.js'
import { noteLatePart } from './late-parts.js'
import { askOf, MaxWaitArg, ReadArg } from './read-args.js'
import { Certificate, Parcel } from './registry.type.js'
import type { RequestContext } from './request-context.js'

@Resolver(() => DossierParcel)
export class DossierParcelResolver {
  @FieldResolver(() => Parcel, { nullable: true, description: 'Thửa đất tại phần mềm đất đai' })
  async live(
    @Root() { liveKey }: DossierParcel,
    @ReadArg() mode: ReadMode,
    @MaxWaitArg() maxWaitMs: number | null | undefined,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Parcel> {
    const read = await context.loaders.registryParcels.load(liveKey, askOf(mode, maxWaitMs, context))
    noteLatePart(context, info, read)
    return context.present.parcel(liveKey, read, true)
  }
}

@Resolver(() => DossierCertificate)
export class DossierCertificateResolver {
  @FieldResolver(() => Certificate, { nullable: true, description: 'Giấy chứng nhận tại phần mềm đất đai' })
  async live(
    @Root() { serialNumber }: DossierCertificate,
    @ReadArg() mode: ReadMode,
    @MaxWaitArg() maxWaitMs: number | null | undefined,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Certificate> {
    const read = await context.loaders.registryCertificates.load(serialNumber, askOf(mode, maxWaitMs, context))
    noteLatePart(context, info, read)
    return context.present.certificate(serialNumber, read, true)
  }
}
