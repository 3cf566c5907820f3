import { readFile } from 'node:fs/promises'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'

const ORIGIN = 'http://gallery.test'
const ROOT = new URL('../../../', import.meta.url)

/** Makes the page with all components, under the policy that the real ones have. It needs no server. */
export async function bundleGallery(): Promise<(page: Page) => Promise<void>> {
  const [bundle, headers] = await Promise.all([
    build({
      entryPoints: {
        gallery: new URL('test/browser/gallery/gallery.tsx', ROOT).pathname,
        style: new URL('src/web/styles/main.css', ROOT).pathname,
      },
      outdir: '/out',
      bundle: true,
      write: false,
      format: 'esm',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    }),
    readFile(new URL('dist/web/_headers', ROOT), 'utf8'),
  ])
  const policy = /Content-Security-Policy: (.+)/.exec(headers)?.[1] ?? ''
  const html = `<!doctype html><html lang="en"><head><title>Components</title><meta name="viewport"
    content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css">
    <script type="module" src="/gallery.js"></script></head><body><div id="app"></div></body></html>`

  return async (page) => {
    await page.route(`${ORIGIN}/**`, (route) => {
      const { pathname } = new URL(route.request().url())
      const file = bundle.outputFiles.find(({ path }) => path.endsWith(pathname) && pathname !== '/')
      return file
        ? route.fulfill({ contentType: pathname.endsWith('.css') ? 'text/css' : 'text/javascript', body: file.text })
        : route.fulfill({ contentType: 'text/html', body: html, headers: { 'content-security-policy': policy } })
    })
    await page.goto(`${ORIGIN}/`)
    await page.locator('[data-testid="table"] [role="cell"]').first().waitFor()
  }
}
