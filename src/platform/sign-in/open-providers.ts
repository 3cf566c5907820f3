import type { Clock } from '../clock.ts'
import type { Logger } from '../observability/log.ts'
import { createOutbound } from '../resilience/outbound.ts'
import { createGitHubProvider } from './github-provider.ts'
import { createOpenIdProvider } from './openid-provider.ts'
import type { OutsideProvider } from './provider.ts'
import type { ProviderSettings } from './settings.ts'

const GOOGLE = {
  name: 'Google',
  issuer: 'https://accounts.google.com',
  hosts: ['oauth2.googleapis.com', 'www.googleapis.com', 'openidconnect.googleapis.com'],
  scopes: 'openid email profile',
}
/** Who signs in waits for it: no answer of a provider takes longer, and none is large. */
const PATIENCE = { timeoutMs: 4_000, retry: { maxAttempts: 2, deadlineMs: 9_000 }, maxAnswerBytes: 256 * 1024 }

/** The configured providers by their ids. One set an isolate: they remember what providers say of themselves. */
export function openProviders(
  configured: readonly ProviderSettings[],
  { log, clock, allowLoopback }: { log: Logger; clock: Clock; allowLoopback: boolean },
): ReadonlyMap<string, OutsideProvider> {
  return new Map(configured.map((settings) => [settings.id, open(settings)]))

  function open(settings: ProviderSettings): OutsideProvider {
    const wire = (addresses: string[], hosts: string[]) => ({
      outbound: createOutbound(
        {
          name: `sign-in:${settings.id}`,
          allowedHosts: [...addresses.map((url) => new URL(url).host), ...hosts],
          ...PATIENCE,
        },
        { log, clock, allowLoopback },
      ),
      allowPlain: allowLoopback && addresses.some((url) => url.startsWith('http:')),
    })
    if (settings.kind === 'github') {
      return createGitHubProvider(settings, wire([settings.webUrl, settings.apiUrl], []))
    }
    const openId = settings.kind === 'google' ? { ...GOOGLE, ...settings } : settings
    return createOpenIdProvider(openId, wire([openId.issuer], openId.hosts), clock)
  }
}
