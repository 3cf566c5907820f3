interface Page {
  addEventListener?(type: string, listener: () => void): void
  removeEventListener?(type: string, listener: () => void): void
  document?: Page & { visibilityState: string }
}

/** Calls back when the network returns or a hidden page is shown again; never outside a browser. */
export function onWake(listener: () => void): () => void {
  const page = globalThis as unknown as Page
  const { document } = page
  if (!document) return () => {}
  const shown = () => {
    if (document.visibilityState === 'visible') listener()
  }
  page.addEventListener?.('online', listener)
  document.addEventListener?.('visibilitychange', shown)
  return () => {
    page.removeEventListener?.('online', listener)
    document.removeEventListener?.('visibilitychange', shown)
  }
}
