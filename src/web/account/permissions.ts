import type { CurrentUser } from '../../client/index.ts'

type Permitted = Pick<CurrentUser, 'permissions'>

/** Who may see some page of the operators; each page and the server decide by themselves. */
export function mayOperate({ permissions }: Permitted): boolean {
  return ['view:logs', 'view:analytics', 'manage:settings'].some((needed) => permissions.includes(needed))
}

export function mayModerate({ permissions }: Permitted): boolean {
  return permissions.includes('moderate:content')
}
