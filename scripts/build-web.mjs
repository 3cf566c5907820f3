/**
 * Builds the pages into dist/web; wrangler runs it before it starts and whenever they change.
 * New files come before what points to them and old ones go last, each by one rename, so that a server that
 * watches the folder never sees half of it.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { contentPolicy } from './lib/content-policy.mjs'
import { readVariables } from './lib/wrangler-config.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = join(root, 'src/web')
const target = join(root, 'dist/web')
const staging = join(root, `dist/.web-${process.pid}`)

/** The one script that stands in the pages: it picks the colours before anything is painted, and asks for nothing. */
const THEME = await inlineScript('theme-early.js')

const CSP = contentPolicy({
  scriptHash: sourceHash(THEME),
  usesTurnstile: Boolean((await readVariables()).TURNSTILE_SITE_KEY),
})

const HEADERS = `/*
  Content-Security-Policy: ${CSP}
  X-Content-Type-Options: nosniff
  Referrer-Policy: same-origin
  Cross-Origin-Opener-Policy: same-origin
  Permissions-Policy: camera=(), geolocation=(), microphone=()

/assets/*
  Cache-Control: public, max-age=31536000, immutable
`

/** Parts of an area that come by themselves. */
const PART_OF_ADMIN = /[\\/]admin[\\/](?:catalog[\\/]catalog|overview[\\/]overview)-page\.tsx$/

/**
 * What is loaded with the first script is one file, however many areas use parts of it: esbuild makes a file of its own
 * for each set of entries that share something, so every area is made to share all of it. So are the crumbs that only
 * some areas share, as far as a first build has shown which those are, and what the parts of an area share.
 */
function oneCore(also) {
  const core = join(source, 'app.tsx')
  const area = join(source, 'admin/admin-page.tsx')
  const withImports = async (path, imported) => ({
    contents: [await readFile(path, 'utf8'), ...imported.map((one) => `import ${JSON.stringify(one)}`)].join('\n'),
    loader: 'tsx',
  })
  return {
    name: 'one-core',
    setup({ onLoad }) {
      onLoad({ filter: /-page\.tsx$/ }, ({ path }) =>
        withImports(path, [core, ...(PART_OF_ADMIN.test(path) ? [area] : [])]),
      )
      onLoad({ filter: /[/\\]app\.tsx$/ }, ({ path }) => withImports(path, path === core ? also : []))
    },
  }
}

/** A file of its own for so little costs a request and saves nothing. */
const CRUMB_BYTES = 3 * 1024

/** Files that others point to, and then the pages that point. Paths are relative to the target. */
const assets = new Map()
const pages = new Map()

await Promise.all([addApp(), addApiDocs()])
for (const icon of ['favicon.svg', 'favicon-unread.svg']) pages.set(icon, await readFile(join(source, icon)))
pages.set('_headers', Buffer.from(HEADERS))

try {
  for (const [path, bytes] of [...assets, ...sorted(pages)]) await put(path, bytes)
} finally {
  await rm(staging, { recursive: true, force: true })
}
await removeOthers()

async function addApp() {
  const { metafile: first } = await bundle([])
  const { outputFiles, metafile } = await bundle(crumbsOf(first))
  for (const { path, contents } of outputFiles) assets.set(nameOf(path), Buffer.from(contents))
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => ({ ...output, path: resolve(root, path) }))
  const outputOf = (isMeant) => outputs.find(({ entryPoint }) => entryPoint && isMeant(entryPoint))
  const style = outputOf((entryPoint) => entryPoint.endsWith('/main.css'))
  const main = outputOf((entryPoint) => entryPoint.endsWith('/main.tsx'))
  const known = new Set([main.path])

  const addresses = Object.values(JSON.parse(await readFile(join(source, 'addresses.json'), 'utf8')))
  // The Worker answers with the last one where there is no page.
  for (const address of [...addresses, '/404']) {
    // What the address needs comes beside the rest, and not after it: of `/app/admin/users` the area's `admin-page.tsx`
    // and in its folder `users-page.tsx`, where that comes by itself; of `/app/admin` its `overview-page.tsx`.
    const [, , area = address === '/' ? 'chat' : '', part = 'overview'] = address.split('/')
    const page = outputOf((entryPoint) => entryPoint.endsWith(`/${area}-page.tsx`))
    const within = page && `${dirname(page.entryPoint)}/`
    const inner = page && outputOf((path) => path.startsWith(within) && path.endsWith(`/${part}-page.tsx`))
    const early = [main, page, inner].filter(Boolean).flatMap((output) => [output.path, ...needsOf(output)])
    const preloads = [...new Set(early)].filter((path) => !known.has(path))
    pages.set(
      address === '/' ? 'index.html' : `${address.slice(1)}.html`,
      await fill('index.html', {
        THEME: `<script>${THEME}</script>`,
        STYLE: `/${nameOf(style.path)}`,
        SCRIPT: `/${nameOf(main.path)}`,
        PRELOADS: preloads.map((path) => `<link rel="modulepreload" href="/${nameOf(path)}" />`).join('\n    '),
      }),
    )
  }

  await addServiceWorker(outputs.map(({ path }) => `/${nameOf(path)}`))

  /** All that has to be there before it runs. */
  function needsOf({ imports }) {
    return imports
      .filter(({ kind, external }) => kind === 'import-statement' && !external)
      .map(({ path }) => outputs.find((output) => output.path === resolve(root, path)))
      .flatMap((output) => [output.path, ...needsOf(output)])
  }
}

/** @param {string[]} also files that are loaded with the first script, too */
function bundle(also) {
  return build({
    entryPoints: [join(source, 'main.tsx'), join(source, 'styles/main.css')],
    outdir: join(target, 'assets'),
    outbase: source,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    plugins: [oneCore(also)],
    metafile: true,
    write: false,
    minify: true,
    format: 'esm',
    target: ['es2022', 'chrome111', 'firefox115', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
    absWorkingDir: root,
  })
}

/** Our sources in the crumbs that some areas share: components, mostly. */
function crumbsOf({ outputs }) {
  return Object.values(outputs)
    .filter(({ entryPoint, bytes }) => !entryPoint && bytes < CRUMB_BYTES)
    .flatMap(({ inputs }) => Object.keys(inputs))
    .map((path) => resolve(root, path))
    .filter((path) => path.startsWith(source))
}

/** A build of its own wherever one of the files that it keeps is another. */
async function addServiceWorker(files) {
  const kept = [...files, '/favicon.svg'].sort()
  const build = createHash('sha256').update(kept.join()).update(pages.get('index.html')).digest('hex').slice(0, 12)
  const { code } = await transform(await readFile(join(source, 'service-worker.js'), 'utf8'), {
    minify: true,
    define: { FILES: JSON.stringify(kept), BUILD: JSON.stringify(build) },
  })
  pages.set('service-worker.js', Buffer.from(code))
}

function nameOf(path) {
  return relative(target, path).replaceAll('\\', '/')
}

async function addApiDocs() {
  const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const html = await fill('api-docs/docs.html', {
    SWAGGER_STYLE: await addHashed(join(swagger, 'swagger-ui.css')),
    SWAGGER_SCRIPT: await addHashed(join(swagger, 'swagger-ui-bundle.js')),
    SCRIPT: addBytes('api-docs', 'js', await docsScript()),
    STYLE: await addHashed(join(source, 'api-docs/docs.css'), 'api-docs'),
  })
  for (const path of ['api/docs.html', 'api/v1/docs.html', 'api/v2/docs.html']) pages.set(path, html)
}

async function docsScript() {
  const { outputFiles } = await build({
    entryPoints: [join(source, 'api-docs/init.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
  })
  return Buffer.from(outputFiles[0].contents)
}

async function inlineScript(file) {
  const { code } = await transform(await readFile(join(source, file), 'utf8'), { minify: true, format: 'iife' })
  return code.trim()
}

/** By which a policy allows just this text. */
function sourceHash(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

async function addHashed(file, name) {
  const [, base, extension] = /([^/\\]+)\.(\w+)$/.exec(file)
  return addBytes(name ?? base, extension, await readFile(file))
}

function addBytes(name, extension, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8)
  const path = `assets/${name}-${hash}.${extension}`
  assets.set(path, bytes)
  return `/${path}`
}

async function fill(file, addresses) {
  const html = await readFile(join(source, file), 'utf8')
  return Buffer.from(html.replaceAll(/%([A-Z_]+)%/g, (_, name) => addresses[name]))
}

function sorted(files) {
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** What is as it should be stays untouched: nothing to reload. */
async function put(path, bytes) {
  const file = join(target, path)
  const present = await readFile(file).catch(() => null)
  if (present?.equals(bytes)) return
  const draft = join(staging, path)
  await mkdir(dirname(draft), { recursive: true })
  await mkdir(dirname(file), { recursive: true })
  await writeFile(draft, bytes)
  await rename(draft, file)
}

async function removeOthers() {
  const wanted = new Set([...assets.keys(), ...pages.keys()])
  for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    const path = relative(target, file).replaceAll('\\', '/')
    if (entry.isFile() && !wanted.has(path)) await rm(file, { force: true })
  }
}
