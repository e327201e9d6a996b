import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, Field, FieldResolver, Info, InputType, Query, Resolver, Root } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import type { ReadMode } from '../dossier/read-ask.js'
import { invalidInput, notFound } from '../errors.js'
import { canonicalSerial } from '../model/dossier-code.js'
import { PageArgs } from './connection.type.js'
import { DossierConnection } from './dossier.type.js'
import { listDossiers } from './dossier-query.resolver.js'
import { lookUpCertificate, lookUpParcel } from './look-up-land.js'
import { readParcelKey } from './parcel-key.js'
import { askOf, MaxWaitArg, ReadArg } from './read-args.js'
import { Certificate, Parcel } from './registry.type.js'
import type { RequestContext } from './request-context.js'
import { LocalDateScalar } from './scalars.js'

@InputType({ description: 'Khóa thửa đất - commune, sheet and number' })
export class ParcelKeyInput {
  @Field(() => String, { description: 'Mã xã, five digits' })
  communeCode!: string

  @Field(() => String, { description: 'Số hiệu tờ bản đồ' })
  mapSheetNumber!: string

  @Field(() => String, { description: 'Số thứ tự thửa' })
  parcelNumber!: string

  @Field(() => LocalDateScalar, { nullable: true, description: 'Theo nghĩa của mã xã vào ngày này; mặc định hôm nay' })
  on?: string | null
}

@Resolver(() => Parcel)
export class ParcelResolver {
  @Query(() => Parcel, {
    nullable: true,
    description: 'Thửa đất - as the land registry has it. NOT_FOUND when the commune is none that the caller may see.',
  })
  async parcel(
    @Arg('key', () => ParcelKeyInput, { description: 'Khóa' }) key: ParcelKeyInput,
    @ReadArg() mode: ReadMode,
    @MaxWaitArg() maxWaitMs: number | null | undefined,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Parcel> {
    requirePermission(context.caller, 'parcel')
    const named = readParcelKey(key, 'key.')
    const parcel = await lookUpParcel(context, named, key.on, { ask: askOf(mode, maxWaitMs, context), info })
    if (!parcel) throw notFound(`xã có mã ${named.communeCode}`)
    return parcel
  }

  @FieldResolver(() => DossierConnection, { nullable: true, description: 'Các hồ sơ của thửa đất - those that the caller may see' })
  async dossiers(@Root() parcel: Parcel, @Args(() => PageArgs) page: PageArgs, @Ctx() context: RequestContext): Promise<DossierConnection> {
    requirePermission(context.caller, 'Parcel.dossiers')
    const { mapSheetNumber, parcelNumber, communeCode } = parcel
    const filter = { parcel: { commune: { code: communeCode }, mapSheetNumber, parcelNumber }, textFindsPersons: false }
    return listDossiers(context, filter, 'RECEIVED_AT_DESC', page)
  }
}

@Resolver(() => Certificate)
export class CertificateResolver {
  @Query(() => Certificate, {
    nullable: true,
    description:
      'Giấy chứng nhận - as the land registry has it. An officer sees the land user only when a dossier of their communes refers to this certificate or its parcels. NOT_FOUND when neither its land nor a dossier that names it is within what the caller may see.',
  })
  async certificate(
    @Arg('serialNumber', () => String, { description: 'Số phát hành, with or without spaces' }) text: string,
    @ReadArg() mode: ReadMode,
    @MaxWaitArg() maxWaitMs: number | null | undefined,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Certificate> {
    requirePermission(context.caller, 'certificate')
    const serialNumber = canonicalSerial(text)
    if (!serialNumber)
      throw invalidInput('SERIAL_INVALID', 'serialNumber', 'Số phát hành giấy chứng nhận không đúng dạng, ví dụ BX 123456.')
    const certificate = await lookUpCertificate(context, serialNumber, { ask: askOf(mode, maxWaitMs, context), info })
    if (!certificate) throw notFound(`giấy chứng nhận ${serialNumber}`)
    return certificate
  }

  @FieldResolver(() => DossierConnection, {
    nullable: true,
    description: 'Các hồ sơ có giấy chứng nhận này - those that the caller may see',
  })
  async dossiers(
    @Root() certificate: Certificate,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<DossierConnection> {
    requirePermission(context.caller, 'Certificate.dossiers')
    return listDossiers(context, { certificateSerial: certificate.serialNumber, textFindsPersons: false }, 'RECEIVED_AT_DESC', page)
  }
}
