/**
 * The token behind the `#` of a mail's link, taken out of the address at once: it stays in no history, in no bookmark and
 * on no picture of the window. Null where there is none that could be whole.
 */
export function takeMailedToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (location.hash !== '') history.replaceState(null, '', location.pathname)
  return token !== null && /^[0-9a-f]{64}$/.test(token) ? token : null
}
