/* global SwaggerUIBundle */
SwaggerUIBundle({
  url: '/openapi/v1.json',
  dom_id: '#docs',
  deepLinking: true,
  // The default sends the document's address to a service outside.
  validatorUrl: null,
})
