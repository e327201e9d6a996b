import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { Dossier, DossierCertificate, DossierParcel } from './dossier.type.js'
import { Acknowledgement, Document, DossierEvent, ExternalIdentifier, Party, TaxNotice } from './dossier-part.type.js'
import { AdministrativeUnit, Procedure } from './reference.type.js'
import type { RequestContext } from './request-context.js'
import { waitingForGate } from './standing.js'
import { Interlink, Transfer } from './transfer.type.js'

/** A row that the database's foreign keys promise. */
const present = <Row>(row: Row | null): Row => {
  if (row === null) throw new Error('a referenced row is missing')
  return row
}

@Resolver(() => Dossier)
export class DossierResolver {
  @FieldResolver(() => Procedure, { description: 'Thủ tục hành chính' })
  async procedure(@Root() dossier: Dossier, @Ctx() { loaders }: RequestContext): Promise<Procedure> {
    return present(await loaders.procedures.load(dossier.procedureCode))
  }

  @FieldResolver(() => Party, { description: 'Người nộp hồ sơ; masked for roles that need not see personal data' })
  async applicant(@Root() dossier: Dossier, @Ctx() context: RequestContext): Promise<Party> {
    return context.present.party(present(await context.loaders.parties.load(dossier.applicantId)))
  }

  @FieldResolver(() => AdministrativeUnit, { description: 'Đơn vị tiếp nhận' })
  async receivingUnit(@Root() dossier: Dossier, @Ctx() { loaders }: RequestContext): Promise<AdministrativeUnit> {
    return present(await loaders.units.load(dossier.receivingUnitId))
  }

  @FieldResolver(() => [DossierEvent], { description: 'Diễn biến, by event time' })
  async timeline(@Root() dossier: Dossier, @Ctx() context: RequestContext): Promise<DossierEvent[]> {
    const rows = await context.loaders.timelines.load(dossier.id)
    return rows.map((row) => context.present.event(row, dossier.applicantName))
  }

  @FieldResolver(() => [DossierParcel], { description: 'Thửa đất' })
  async parcels(@Root() dossier: Dossier, @Ctx() context: RequestContext): Promise<DossierParcel[]> {
    const rows = await context.loaders.parcelReferences.load(dossier.id)
    return Promise.all(
      rows.map(async ({ mapSheetNumber, parcelNumber, unitId, areaM2, address, currentCommuneCode }) => ({
        mapSheetNumber,
        parcelNumber,
        unit: present(await context.loaders.units.load(unitId)),
        areaM2,
        address: context.present.address(address),
        liveKey: { communeCode: currentCommuneCode, mapSheetNumber, parcelNumber },
      })),
    )
  }

  @FieldResolver(() => [DossierCertificate], { description: 'Giấy chứng nhận' })
  async certificates(@Root() dossier: Dossier, @Ctx() context: RequestContext): Promise<DossierCertificate[]> {
    const rows = await context.loaders.certificateReferences.load(dossier.id)
    return rows.map(({ serialNumber, registerNumber }) => ({ serialNumber, registerNumber }))
  }

  @FieldResolver(() => [Document], { description: 'Giấy tờ kèm theo' })
  async documents(@Root() dossier: Dossier, @Ctx() context: RequestContext): Promise<Document[]> {
    const rows = await context.loaders.documents.load(dossier.id)
    return rows.map((row) => context.present.document(row, dossier.applicantName))
  }

  @FieldResolver(() => [TaxNotice], { description: 'Thông báo thuế' })
  async taxNotices(@Root() dossier: Dossier, @Ctx() context: RequestContext): Promise<TaxNotice[]> {
    const rows = await context.loaders.taxNotices.load(dossier.id)
    return rows.map((row) => context.present.taxNotice(row))
  }

  @FieldResolver(() => [ExternalIdentifier], { description: 'Mã hồ sơ khác, known some seconds after the system has taken the dossier' })
  async externalIdentifiers(@Root() dossier: Dossier, @Ctx() { loaders }: RequestContext): Promise<readonly ExternalIdentifier[]> {
    return loaders.identifiers.load(dossier.id)
  }

  @FieldResolver(() => [Transfer], { description: "Các lượt liên thông, each system's in its order" })
  async transfers(@Root() dossier: Dossier, @Ctx() context: RequestContext): Promise<Transfer[]> {
    const rows = await context.loaders.transfersOfDossier.load(dossier.id)
    return rows.map((row) => context.present.transfer(row))
  }

  @FieldResolver(() => [Acknowledgement], { description: 'Phiên bản mà mỗi hệ thống đã xác nhận' })
  async acknowledgements(@Root() dossier: Dossier, @Ctx() { loaders }: RequestContext): Promise<readonly Acknowledgement[]> {
    return loaders.acknowledgements.load(dossier.id)
  }

  @FieldResolver(() => Interlink, { description: 'Liên thông' })
  async interlink(@Root() dossier: Dossier, @Ctx() context: RequestContext): Promise<Interlink> {
    const row = await context.loaders.interlinks.load(dossier.id)
    if (!row) return { state: 'NONE', waitingFor: null, since: null }
    const waiting = row.waitingTransferId ? await context.loaders.transfers.load(row.waitingTransferId) : null
    if (!waiting) return { state: row.state, since: row.since, waitingFor: null }
    // Planned maintenance is told in place of what the transfer itself says, nobody need look further; and what was never tried has nothing else to say.
    const gate = await waitingForGate(context.present.transfer(waiting), context)
    const tellsOfGate = gate?.kind === 'MAINTENANCE' || waiting.attemptCount === 0
    const waitingFor = (tellsOfGate && gate) || context.present.waitingFor(waiting)
    return { state: row.state, since: row.since, waitingFor }
  }
}
