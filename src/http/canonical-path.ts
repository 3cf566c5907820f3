/** Paths that have no version: pages, probes, documents, keys. Everything else is of the API's default version. */
const UNVERSIONED = /^\/(?:app|dev|health|version|openapi|metrics|\.well-known|api\/(?:v\d+\/)?docs)(?:\/|$)/
const VERSIONED = /^\/v\d+(?:\/|$)/

/**
 * The path that routes know: `/api/v1/rooms` is an alias of `/v1/rooms`, and a path without a version
 * is of version 1. A trailing slash means nothing.
 */
export function canonicalPath(pathname: string): string {
  const path = pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname
  if (path === '/' || UNVERSIONED.test(path)) return path
  const bare = path.startsWith('/api/') ? path.slice('/api'.length) : path
  return VERSIONED.test(bare) ? bare : `/v1${bare}`
}
