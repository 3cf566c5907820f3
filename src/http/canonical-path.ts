import { DEFAULT_VERSION, type ResolvedVersion, resolveVersion, type VersionedRequest } from './version.ts'

/** Paths that have no version: pages, probes, documents, keys. Everything else is of the API. */
const UNVERSIONED = /^\/(?:app|dev|health|version|openapi|metrics|\.well-known|api\/(?:v\d+\/)?docs)(?:\/|$)/
const VERSIONED = /^\/v(\d+)(?=\/|$)/

/** Of a URL that no parser would change: one is made for the rest only, as that costs more than finding the route. */
const PLAIN_PATH = /^https?:\/\/[^/?#\\]*(\/[\w~/-]*)(?:[?#]|$)/

export function pathnameOf(url: string): string {
  return PLAIN_PATH.exec(url)?.[1] ?? new URL(url).pathname
}

export interface CanonicalPath {
  path: string
  resolved: ResolvedVersion
}

/**
 * The path that routes know, and the version that is meant: `/api/v1/rooms` is an alias of `/v1/rooms`, and a path
 * without a version is of the one that the headers name. A trailing slash means nothing.
 */
export function canonicalPath(pathname: string, header: VersionedRequest['header'] = () => undefined): CanonicalPath {
  const path = pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname
  if (path === '/' || UNVERSIONED.test(path)) return { path, resolved: { version: DEFAULT_VERSION, by: 'default' } }
  const bare = path.startsWith('/api/') ? path.slice('/api'.length) : path
  const inPath = VERSIONED.exec(bare)?.[1]
  const resolved = resolveVersion({ inPath, header })
  if (inPath !== undefined) return { path: bare, resolved }
  return { path: `/v${'version' in resolved ? resolved.version : DEFAULT_VERSION}${bare}`, resolved }
}
