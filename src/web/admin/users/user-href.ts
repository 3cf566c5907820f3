import { ADDRESSES, hrefOf } from '../../route.ts'

/** The page of one person, for operators. */
export const userHref = (id: string): string => hrefOf(ADDRESSES.adminUsers, { user: id })
