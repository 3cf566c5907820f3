import { importSource } from './import-source.mjs'

/**
 * The OpenAPI document, without a server.
 * @param {string} [version] one of `API_VERSIONS`; without it all there is, for programs that are made from it
 */
export async function apiDocument(version) {
  const { createApp, openApiDocument } = await importSource('src/app.ts', 'src/http/openapi/document.ts')
  // As in production; what else it takes of the isolate is asked for by requests only.
  return openApiDocument(createApp({ isolate: { settings: { ENVIRONMENT: 'production' } } }), { release: '', version })
}
