import { createOneStopTwin } from '../../adapters/one-stop/sandbox/twin.js'
import { createPortalTwin } from '../../adapters/provincial/portal/sandbox/twin.js'
import type { Twin, TwinStart } from '../../adapters/soap/twin/twin.js'
import { createVilisTwin } from '../../adapters/vilis/sandbox/twin.js'
import type { SystemId } from '../../src/model/system.js'

/** How each system's twin is made within a test, and what it is told there. */
export const TEST_TWINS: Readonly<
  Record<
    SystemId,
    { readonly create: () => Pick<Twin<unknown>, 'start' | 'startOver' | 'settings'>; readonly settings?: TwinStart['settings'] }
  >
> = {
  VILIS: { create: createVilisTwin },
  ONE_STOP: { create: createOneStopTwin },
  PORTAL: { create: createPortalTwin, settings: { session: 'phien-thu' } },
}
