import { type ApiDocument, joinDocuments } from './join-documents.ts'

/** What the script of Swagger UI, which comes before this one, leaves behind. */
declare const SwaggerUIBundle: (options: object) => void

const VERSIONS = ['1', '2']
// `/api/docs` has all of them, each behind a server of its own.
const version = /^\/api\/v(\d+)\/docs/.exec(location.pathname)?.[1] ?? 'all'
for (const link of document.querySelectorAll<HTMLElement>('nav a')) {
  if (link.dataset.version === version) link.setAttribute('aria-current', 'page')
}
document.title = version === 'all' ? 'Selvage API' : `Selvage API, version ${version}`
const source =
  version === 'all'
    ? { spec: joinDocuments(await Promise.all(VERSIONS.map(load))) }
    : { url: `/openapi/v${version}.json` }
SwaggerUIBundle({
  ...source,
  dom_id: '#docs',
  deepLinking: true,
  // The default sends the document's address to a service outside.
  validatorUrl: null,
})

async function load(one: string): Promise<ApiDocument> {
  // biome-ignore lint/style/noRestrictedGlobals: this page stands alone, and a document is outside what the client calls.
  const answer = await fetch(`/openapi/v${one}.json`)
  if (!answer.ok) throw new Error(`The document of version ${one} cannot be read: ${answer.status}`)
  return (await answer.json()) as ApiDocument
}
