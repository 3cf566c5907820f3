const TURNSTILE = 'https://challenges.cloudflare.com'

/**
 * What the pages may load, and from where: from here only. The exceptions are pictures, which run nothing, and the widget
 * of Turnstile, only where it is configured.
 * @param {{ scriptHash: string, usesTurnstile: boolean }} parts the hash of the one script that stands in the pages
 */
export function contentPolicy({ scriptHash, usesTurnstile }) {
  return [
    "default-src 'none'",
    `script-src 'self' '${scriptHash}'${usesTurnstile ? ` ${TURNSTILE}` : ''}`,
    "style-src 'self'",
    // Pictures of products stand where whoever sells them has them.
    "img-src 'self' data: https:",
    "connect-src 'self' ws: wss:",
    ...(usesTurnstile ? [`frame-src ${TURNSTILE}`] : []),
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
