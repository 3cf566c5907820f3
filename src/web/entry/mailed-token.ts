import { useEffect, useState } from 'preact/hooks'

/**
 * The token behind the `#` of a mail's link, taken out of the address at once: it stays in no history, in no bookmark and
 * on no picture of the window. Null where there is none that could be whole.
 */
function takeMailedToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (location.hash !== '') history.replaceState(null, '', location.pathname)
  return token !== null && /^[0-9a-f]{64}$/.test(token) ? token : null
}

/** The token with which the page was opened; another link in the same tab opens it anew. */
export function useMailedToken(): string | null {
  const [token] = useState(takeMailedToken)
  useEffect(() => {
    // The browser takes what differs behind the `#` alone for a place on the same page.
    const openAnew = () => location.hash !== '' && location.reload()
    addEventListener('hashchange', openAnew)
    return () => removeEventListener('hashchange', openAnew)
  }, [])
  return token
}
