import { ADDRESSES } from '../route.ts'

let last: string = ADDRESSES.shop

/** So that the way back from a product leads to the list as it was narrowed. */
export function rememberList(href: string): void {
  last = href
}

export const lastList = (): string => last
