import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { requirePermission } from '../access/permissions.js'
import { deadlineOf } from '../dossier/deadline-of-dossier.js'
import { describeDueDateStep, describeNotComputable } from '../model/explain-due-date.js'
import { DossierDeadline } from './deadline.type.js'
import { Dossier } from './dossier.type.js'
import type { RequestContext } from './request-context.js'

const HOUR_MS = 3_600_000

/** Hạn trả tính lại. For any number of dossiers what it needs is read once a kind. */
@Resolver(() => Dossier)
export class DeadlineResolver {
  @FieldResolver(() => DossierDeadline, {
    nullable: true,
    description: 'Hạn trả tính lại, step by step, beside what each system says. Null: with an error that says why',
  })
  async deadline(@Root() dossier: Dossier, @Ctx() { loaders, caller, language, present }: RequestContext): Promise<DossierDeadline> {
    requirePermission(caller, 'Dossier.deadline')
    const [procedure, timeline, told, basis] = await Promise.all([
      loaders.procedures.load(dossier.procedureCode),
      loaders.timelines.load(dossier.id),
      loaders.toldDueDates.load(dossier.id),
      loaders.deadlineBasis(),
    ])
    const deadline = deadlineOf({ dossier, landRegistration: procedure?.landRegistration ?? false, timeline, told }, basis)
    const { due, hoursPerDay, agrees, differing } = deadline
    const computed = due.kind === 'COMPUTED'
    return {
      computed: computed ? due.dueAt : null,
      notComputable: computed ? null : due.reason,
      because: describeNotComputable(due, hoursPerDay, language),
      leftHours: computed || due.leftMs === undefined ? null : due.leftMs / HOUR_MS,
      hoursPerDay,
      provisional: computed && due.reservations.length > 0,
      reservations: computed ? due.reservations.map((one) => present.recorded(one) ?? one) : [],
      unconfirmed: computed ? due.unconfirmed : [],
      inForce: dossier.dueAt,
      atOneStop: deadline.told.ONE_STOP,
      atRegistry: deadline.told.VILIS,
      atPortal: deadline.told.PORTAL,
      agrees,
      differing,
      explanation: due.steps.map((step) => ({
        ...step,
        rule: present.recorded(step.rule),
        countedHours: step.countedMs / HOUR_MS,
        totalHours: step.totalMs / HOUR_MS,
        sentence: describeDueDateStep(step, hoursPerDay, computed && due.reservations.length > 0),
      })),
    }
  }
}
