import { type ConsolePermission, roleMay } from './permissions.js'
import { useSession } from './session.js'

export const useMay = (permission: ConsolePermission): boolean => roleMay(useSession().role, permission)
