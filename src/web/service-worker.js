// Keeps the shell of this very build, so that a page opens without a network: the document, the scripts, the style.
// Never an answer of the API. What it keeps belongs together, and goes when a later build has taken over.

/* global FILES, BUILD -- written in by scripts/build-web.mjs */

const CACHE = `selvage-shell-${BUILD}`
const DOCUMENT = '/'
/** A network that has not answered by then is none. */
const PATIENCE_MS = 4_000

addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([DOCUMENT, ...FILES])))
})

// It waits until no page of the build before is open: those still need what that one keeps. So what is thrown away
// here is nobody's any more.
addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))),
  )
})

addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate') {
    // A document comes from the network wherever there is one: a deployment is seen at the next load.
    if (pathname === DOCUMENT || pathname.startsWith('/app/')) event.respondWith(fetchDocument(request))
  } else if (FILES.includes(pathname)) {
    // Their names change with what they hold.
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)))
  }
})

async function fetchDocument(request) {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS)
  try {
    return await fetch(request, { signal: stop.signal })
  } catch (error) {
    const cache = await caches.open(CACHE)
    const kept = await cache.match(DOCUMENT)
    if (kept) return kept
    throw error
  } finally {
    clearTimeout(timer)
  }
}
