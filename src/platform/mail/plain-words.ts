/** What mail programs turn into a link by themselves: an address of a page or a person, with or without a scheme. */
const LIKE_A_LINK = /[/\\@]|:\S|www\.|\p{L}\.\p{L}{2}/iu

/**
 * Whether a text of somebody's own making may stand in a mail of ours. Anybody can register a stranger's address under
 * the name `win.example/now`; the stranger must not get that as a link from us.
 */
export function isPlainWords(text: string): boolean {
  return text.length <= 100 && !LIKE_A_LINK.test(text) && !/\p{Cc}/u.test(text)
}
