/**
 * Has the browser keep the shell of the pages, so that they open without a network. It begins once the page is there:
 * nothing of the first load waits for it.
 */
export function keepShell(): void {
  // Only where it is allowed: a page by plain http has none.
  if (!('serviceWorker' in navigator)) return
  const register = () => {
    navigator.serviceWorker.register('/service-worker.js').catch(() => {
      // Without it everything works as long as there is a network.
    })
  }
  if (document.readyState === 'complete') register()
  else addEventListener('load', register, { once: true })
}
