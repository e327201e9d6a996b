import 'reflect-metadata'
import { createPubSub } from '@graphql-yoga/subscription'
import type { GraphQLSchema } from 'graphql'
import { lexicographicSortSchema, printSchema, specifiedDirectives } from 'graphql'
import { buildSchema } from 'type-graphql'
import { AlertResolver } from './alert.resolver.js'
import { AlertActResolver } from './alert-act.resolver.js'
import { AmendmentResolver } from './amendment.resolver.js'
import { AuditResolver } from './audit.resolver.js'
import { CauseResolver } from './cause.resolver.js'
import { checkArgument } from './check-argument.js'
import { CitizenLookUpResolver } from './citizen-look-up.resolver.js'
import { DeadlineResolver } from './deadline.resolver.js'
import { DiscrepancyResolver, DossierDiscrepancyResolver } from './discrepancy.resolver.js'
import { DiscrepancyActResolver } from './discrepancy-act.resolver.js'
import { DiscrepancyBatchResolver } from './discrepancy-batch.resolver.js'
import { DossierResolver } from './dossier.resolver.js'
import { DossierMutationResolver } from './dossier-mutation.resolver.js'
import { DossierQueryResolver } from './dossier-query.resolver.js'
import { EvidenceResolver } from './evidence.resolver.js'
import { deferDirective } from './incremental.js'
import { DossierCertificateResolver, DossierParcelResolver } from './live-part.resolver.js'
import { MaintenanceResolver } from './maintenance.resolver.js'
import { OperationResolver } from './operation.resolver.js'
import { OperatorResolver } from './operator.resolver.js'
import { PollResolver } from './poll.resolver.js'
import { ReconciliationRunResolver } from './reconciliation-run.resolver.js'
import { ReferenceResolver } from './reference.resolver.js'
import { refuseInputs } from './refuse-inputs.js'
import { CertificateResolver, ParcelResolver } from './registry.resolver.js'
import { ReplayPlanResolver, ReplayPlanRowResolver } from './replay-plan.resolver.js'
import { ReplayPlanActResolver } from './replay-plan-act.resolver.js'
import { requireRights } from './require-rights.js'
import { describeRoots } from './root-descriptions.js'
import { ActRefusedResolver, ClientKeyReusedResolver, InputRefusedResolver } from './spoken.resolver.js'
import { StandingResolver } from './standing.resolver.js'
import { SubscriptionResolver } from './subscription.resolver.js'
import { SystemResolver } from './system.resolver.js'
import { SystemConnectionResolver } from './system-connection.resolver.js'
import { SystemHistoryResolver } from './system-history.resolver.js'
import { TimeLedgerResolver } from './time-ledger.resolver.js'
import { TransferResolver } from './transfer.resolver.js'
import { TransferCountsResolver } from './transfer-counts.resolver.js'

/** The executable schema. No middleware runs around fields: one that did would triple the cost of long lists. */
export const buildGatewaySchema = (): Promise<GraphQLSchema> =>
  buildSchema({
    resolvers: [
      CitizenLookUpResolver,
      DossierQueryResolver,
      DossierResolver,
      DeadlineResolver,
      DossierParcelResolver,
      DossierCertificateResolver,
      TransferResolver,
      StandingResolver,
      CauseResolver,
      EvidenceResolver,
      TransferCountsResolver,
      ParcelResolver,
      CertificateResolver,
      ReferenceResolver,
      SystemResolver,
      SystemHistoryResolver,
      MaintenanceResolver,
      SystemConnectionResolver,
      DossierMutationResolver,
      OperatorResolver,
      AmendmentResolver,
      OperationResolver,
      ReplayPlanResolver,
      ReplayPlanRowResolver,
      ReplayPlanActResolver,
      PollResolver,
      AuditResolver,
      AlertActResolver,
      AlertResolver,
      TimeLedgerResolver,
      DiscrepancyResolver,
      DossierDiscrepancyResolver,
      DiscrepancyActResolver,
      DiscrepancyBatchResolver,
      ReconciliationRunResolver,
      SubscriptionResolver,
      ActRefusedResolver,
      InputRefusedResolver,
      ClientKeyReusedResolver,
    ],
    directives: [...specifiedDirectives, deferDirective],
    validateFn: checkArgument,
    // The builder asks for one; every subscription brings its own source (`follow-events.ts`) and nothing is published here.
    pubSub: createPubSub(),
  })
    .then(describeRoots)
    .then(requireRights)
    .then(refuseInputs)

/** The public SDL as it is committed in `schema/gateway.graphql`: sorted, so that moving code does not change it. */
export const printGatewaySchema = async (): Promise<string> => `${printSchema(lexicographicSortSchema(await buildGatewaySchema()))}\n`
