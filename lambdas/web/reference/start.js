// Swagger UI asks its maker's server to judge each document unless it is told not to.
window.SwaggerUIBundle({
  url: 'api/openapi.json',
  dom_id: '#reference',
  validatorUrl: null,
  deepLinking: true,
  filter: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
});
