/** A path of ours, or an https address: nothing that a browser would run, and no host in disguise. */
export function isActionUrl(url: string): boolean {
  if (/[\s\\\p{Cc}]/u.test(url)) return false
  return /^\/(?!\/)/.test(url) || (/^https:\/\//.test(url) && URL.canParse(url))
}
