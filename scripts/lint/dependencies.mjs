// The dependency rule of docs/architecture.md: index -> app -> http -> features -> platform. Run by `npm run check`.
// Imports of types count as much as imports of values, but for the cycle rule: only values meet at run time.

const DRIZZLE = '^(node_modules/)?drizzle-orm'
const FEATURE = '^src/features/([^/]+)/'
/** What a feature says on the wire. */
const WIRE = '(events|commands|questions|[a-z-]*schemas)'
const WORKER = ['^src/', '^durable-objects/']
// What of a feature may speak HTTP.
const ROUTES = ['/routes\\.ts$', '-routes\\.ts$', '/route-policies\\.ts$', '-cookie\\.ts$']

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

export default {
  forbidden: [
    forbid(
      'no-cycle',
      'Files that need each other are one file, or share a third.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid(
      'resolvable',
      'The import leads nowhere. What the benchmark compares with has packages of its own, which only it installs.',
      { pathNot: '^test/bench/peers/' },
      { couldNotResolve: true, pathNot: '^(cloudflare|node|virtual):' },
    ),
    forbid(
      'only-dependencies',
      'What the Worker and the pages import is in "dependencies".',
      { path: WORKER, pathNot: '\\.test\\.' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
    forbid('not-to-tests', 'Code does not know its tests.', { path: [...WORKER, '^scripts/'] }, { path: '^test/' }),

    forbid(
      'platform-is-the-ground',
      'Platform knows no feature, no HTTP and no wiring.',
      { path: '^src/platform/' },
      { path: WORKER, pathNot: '^src/platform/' },
    ),
    forbid(
      'http-knows-no-feature',
      'Only v1.ts and v2.ts hang features on paths.',
      { path: '^src/http/', pathNot: '^src/http/v\\d+\\.ts$' },
      { path: '^src/features/' },
    ),
    forbid(
      'http-below-app',
      'HTTP does not know what it is wired into.',
      { path: '^src/http/' },
      { path: '^src/(index|app)\\.ts$' },
    ),
    forbid(
      'features-below-app',
      'A feature does not know what it is wired into.',
      { path: '^src/features/' },
      { path: '^src/(index|app|compose|read-session|isolate)\\.ts$' },
    ),
    forbid(
      'http-only-in-routes',
      'A verb knows no HTTP; its routes translate.',
      { path: '^src/features/', pathNot: ROUTES },
      { path: ['^src/http/', '^(node_modules/)?hono'] },
    ),
    forbid(
      'features-through-their-index',
      'A feature shows the others its index.ts, and what it says on the wire: events, schemas, commands, questions.',
      { path: FEATURE },
      { path: FEATURE, pathNot: ['^src/features/$1/', `^src/features/[^/]+/(index|${WIRE})\\.ts$`] },
    ),
    forbid(
      'catalog-by-its-service',
      'The catalogue is a service of its own: over HTTP, or by src/services/catalog.ts; nobody else knows its code.',
      {
        path: '^(src|durable-objects)/',
        pathNot: ['^src/(http|services)/', '^src/subscribers\\.ts$', '^src/features/catalog/'],
      },
      { path: '^src/features/catalog/' },
    ),
    forbid(
      'http-through-routes',
      'v1.ts mounts routes.ts, and nothing deeper.',
      { path: '^src/http/v\\d+\\.ts$' },
      { path: '^src/features/', pathNot: ['^src/features/[^/]+/index\\.ts$', ...ROUTES] },
    ),
    forbid(
      'domain-is-pure',
      'Decisions need no I/O: nothing of platform but results, errors and ids.',
      { path: `${FEATURE}domain/` },
      {
        path: '^src/',
        pathNot: [`^src/features/$1/(domain/|${WIRE}\\.ts$)`, '^src/platform/(result|errors|ids|clock|events)\\.ts$'],
      },
    ),

    forbid(
      'drizzle-in-its-place',
      'Only tables, queries, verbs and platform speak SQL.',
      {
        path: [
          '^src/(http|web|client)/',
          '^src/[^/]+\\.ts$',
          '^durable-objects/',
          `${FEATURE}(${WIRE}|index)\\.ts$`,
          `${FEATURE}domain/`,
          ...ROUTES,
        ],
      },
      { path: DRIZZLE },
    ),

    forbid(
      'objects-know-little',
      'Durable Objects use platform and the published words of features.',
      { path: '^durable-objects/' },
      {
        path: '^src/',
        pathNot: [
          '^src/platform/',
          `^src/features/[^/]+/(index|${WIRE})\\.ts$`,
          '^src/features/[^/]+/domain/',
          '^src/(env|compose|isolate|context)\\.ts$',
        ],
      },
    ),
    forbid(
      'objects-meet-compose-once',
      "Only an object's class, which is glue, asks for what is composed.",
      { path: '^durable-objects/', pathNot: '^durable-objects/[^/]+/index\\.ts$' },
      { path: '^src/(compose|isolate)\\.ts$' },
    ),
    forbid(
      'objects-as-types',
      'Objects are reached by their binding; only src/index.ts exports their classes.',
      { path: '^src/', pathNot: '^src/index\\.ts$' },
      { path: '^durable-objects/', dependencyTypesNot: ['type-only'] },
    ),

    forbid(
      'pages-use-the-client',
      'A page talks to the API through src/client.',
      { path: '^src/web/' },
      { path: ['^src/', '^durable-objects/'], pathNot: ['^src/web/', '^src/client/'] },
    ),
    forbid(
      'pages-use-preact',
      'A page needs nothing but preact; what draws plots and what asks for passkeys comes when it is wanted.',
      { path: '^src/web/', pathNot: '^src/web/(admin/overview/|passkeys\\.ts$)' },
      { path: 'node_modules/', pathNot: 'node_modules/preact/' },
    ),
    forbid(
      'plots-use-uplot',
      'Plots are drawn by uplot, and need nothing more.',
      { path: '^src/web/admin/overview/' },
      { path: 'node_modules/', pathNot: 'node_modules/(preact|uplot)/' },
    ),
    forbid(
      'passkeys-use-simplewebauthn',
      'What asks a browser for passkeys needs the library for that, and nothing more.',
      { path: '^src/web/passkeys\\.ts$' },
      { path: 'node_modules/', pathNot: 'node_modules/@simplewebauthn/browser/' },
    ),
    forbid(
      'client-stands-alone',
      'The client goes to others as a package: it knows the API by what `npm run client` makes of it, and needs nothing.',
      { path: '^src/client/' },
      { path: ['^src/', '^durable-objects/', 'node_modules/'], pathNot: '^src/client/' },
    ),
    forbid(
      'nobody-imports-pages',
      'Pages and client are ends.',
      { path: WORKER, pathNot: '^src/(web|client)/' },
      { path: '^src/(web|client)/' },
    ),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.wrangler)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['workerd', 'import', 'types', 'default'],
    },
  },
}
