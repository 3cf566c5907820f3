import { accepts, OUR_MEDIA_TYPES } from './accept.ts'

/** The versions that the API has. A path without one is of the first, unless the request names another. */
export const API_VERSIONS = ['1', '2'] as const
export type ApiVersion = (typeof API_VERSIONS)[number]

export const DEFAULT_VERSION: ApiVersion = '1'

/** By what a client may say which version it wants, the strongest first. */
export const VERSION_HEADERS = ['X-API-Version', 'Accept', 'API-Version'] as const

/** What of a request says which version it wants. */
export interface VersionedRequest {
  /** The version that stands in the path, where one does. */
  inPath: string | undefined
  header: (name: string) => string | null | undefined
}

export type ResolvedVersion =
  | { version: ApiVersion; by: 'path' | 'default' | (typeof VERSION_HEADERS)[number] }
  /** A header names a version that there is not. In a path it is a path that there is not. */
  | { unknown: string; by: (typeof VERSION_HEADERS)[number] }

type Extract = (header: VersionedRequest['header']) => string | undefined

/**
 * How each header is read. Another way to say it, such as a sub-domain, is another line here: the first that finds
 * something has spoken, and what stands behind it is not heard.
 */
const EXTRACTORS: Record<(typeof VERSION_HEADERS)[number], Extract> = {
  'X-API-Version': (header) => header('x-api-version')?.trim(),
  Accept: (header) => versionOfMediaType(header('accept') ?? ''),
  // Repeated, it comes as one list: the first counts.
  'API-Version': (header) => header('api-version')?.split(',')[0]?.trim(),
}

/** One version for each request, by one precedence: path, `X-API-Version`, `Accept`, `API-Version`, the default. */
export function resolveVersion({ inPath, header }: VersionedRequest): ResolvedVersion {
  // A path of a version that there is not is no path of ours, whatever headers say.
  if (inPath !== undefined)
    return { version: API_VERSIONS.find((one) => one === inPath) ?? DEFAULT_VERSION, by: 'path' }
  for (const by of VERSION_HEADERS) {
    const named = EXTRACTORS[by](header)
    if (named === undefined || named === '') continue
    const version = API_VERSIONS.find((known) => known === named)
    return version ? { version, by } : { unknown: named, by }
  }
  return { version: DEFAULT_VERSION, by: 'default' }
}

/**
 * `application/json;v=2`: of a list of types the first of ours that names a version. Of another type `v` means something
 * else: browsers ask for pages with `application/signed-exchange;v=b3`.
 */
function versionOfMediaType(accept: string): string | undefined {
  for (const range of accept.toLowerCase().split(',')) {
    const parameters = range.split(';').slice(1)
    if (!accepts(range, OUR_MEDIA_TYPES)) continue
    for (const parameter of parameters) {
      const [name, value = ''] = parameter.split('=').map((part) => part.trim())
      if (name === 'v') return value.replace(/^"(.*)"$/, '$1')
    }
  }
  return undefined
}
