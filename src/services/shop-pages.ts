import { isShown } from '../features/catalog/index.ts'

/** By what the documents of the shop get their status: the catalogue alone knows what everybody finds there. */
export const isInShop: typeof isShown = isShown
