/** Stands beside the refresh cookie, which no script can see, and lives as long. */
const NAME = 'selvage_signed_in'

interface Page {
  document?: { cookie: string }
  location?: { origin: string }
}

/** Whether this browser may hold a refresh cookie of the API. Only a page of the API's own origin can know that not. */
export interface CookieMarker {
  isAbsent(): boolean
  /** The cookie beside it is worth nothing any more. */
  remove(): void
}

export function cookieMarker(baseUrl: string): CookieMarker {
  const { document, location } = globalThis as Page
  if (!document || location?.origin !== new URL(baseUrl).origin) return { isAbsent: () => false, remove: () => {} }
  return {
    isAbsent: () => !document.cookie.split('; ').some((cookie) => cookie.startsWith(`${NAME}=`)),
    remove: () => {
      // The other interface for cookies is not in every browser that we serve.
      document.cookie = `${NAME}=; Max-Age=0; Path=/; SameSite=Lax`
    },
  }
}
