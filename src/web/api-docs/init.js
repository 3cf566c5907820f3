/* global SwaggerUIBundle */
// `/api/docs` shows the version that a path without one has.
const version = /^\/api\/v(\d+)\/docs/.exec(location.pathname)?.[1] ?? '1'
for (const link of document.querySelectorAll('nav a')) {
  if (link.dataset.version === version) link.setAttribute('aria-current', 'page')
}
document.title = `Selvage API, version ${version}`
SwaggerUIBundle({
  url: `/openapi/v${version}.json`,
  dom_id: '#docs',
  deepLinking: true,
  // The default sends the document's address to a service outside.
  validatorUrl: null,
})
