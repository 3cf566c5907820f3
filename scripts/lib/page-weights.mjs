import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { ROOT } from './cli.mjs'

const BUILT = join(ROOT, 'dist/web')

/** What the first load of any page may weigh. */
export const BUDGET = { scriptBytes: 100 * 1024, styleBytes: 24 * 1024, requests: 14, blockingScripts: 0 }

/** Pages that may weigh more, of what, and why. They hold up what is drawn no more than the others. */
export const HEAVIER = {
  '/api/docs': {
    scriptBytes: 512 * 1024,
    styleBytes: 32 * 1024,
    because: 'Swagger UI as it is published, for developers only',
  },
}

/**
 * What a browser fetches before the page at an address can say anything: the document and all that it names. Bytes are
 * as gzip sends them. What comes later (a page's own data, parts that are opened) is not in it.
 * @returns {Promise<{ address: string, scriptBytes: number, styleBytes: number, requests: number, blockingScripts: number }[]>}
 */
export async function weighPages() {
  const addresses = JSON.parse(await readFile(join(ROOT, 'src/web/addresses.json'), 'utf8'))
  return Promise.all([...Object.values(addresses), '/404', '/api/docs', '/api/v1/docs', '/api/v2/docs'].map(weighPage))
}

/** What of its budget a page goes over, in words; empty where it keeps all of it. */
export function overBudget({ address, ...weight }) {
  // The pages of the API's versions are the same one.
  const { because: _why, ...more } = HEAVIER[address.replace(/\/v\d\//, '/')] ?? {}
  const most = { ...BUDGET, ...more }
  return Object.keys(BUDGET).flatMap((name) =>
    weight[name] > most[name] ? [`${address}: ${name} ${weight[name]}, allowed ${most[name]}`] : [],
  )
}

async function weighPage(address) {
  const html = await readFile(join(BUILT, address === '/' ? 'index.html' : `${address}.html`), 'utf8')
  const tags = [...html.matchAll(/<(?:script|link)\b[^>]*>/g)].map(([tag]) => ({
    isScript: tag.startsWith('<script'),
    isModule: /\btype="module"/.test(tag),
    isLate: /\b(?:async|defer)\b/.test(tag),
    rel: /\brel="([^"]+)"/.exec(tag)?.[1],
    url: /\b(?:src|href)="([^"]+)"/.exec(tag)?.[1],
  }))
  const outside = tags.find(({ url }) => url && !url.startsWith('/'))
  if (outside) throw new Error(`${address} asks another host: ${outside.url}`)
  const scripts = tags.filter(({ isScript, rel, url }) => url && (isScript || rel === 'modulepreload'))
  const styles = tags.filter(({ rel }) => rel === 'stylesheet')
  return {
    address,
    scriptBytes: await bytesOf(scripts),
    styleBytes: await bytesOf(styles),
    // The document itself, and all that it names.
    requests: 1 + tags.filter(({ url }) => url).length,
    blockingScripts: scripts.filter(({ isScript, isModule, isLate }) => isScript && !isModule && !isLate).length,
  }
}

async function bytesOf(tags) {
  const sizes = await Promise.all(
    tags.map(async ({ url }) => (await promisify(gzip)(await readFile(join(BUILT, url)))).length),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
