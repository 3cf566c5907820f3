import ipaddr from 'ipaddr.js'
import { OutboundRefused } from './outage.ts'

export interface Destinations {
  /** The dependency's name. */
  name: string
  /** `host` (port 443) or `host:port`, exactly as a URL writes them. */
  allowedHosts: readonly string[]
  /** Development and tests: listed loopback hosts may be called, also by http. */
  allowLoopback?: boolean
}

/**
 * Refuses every URL but https to a listed host and port. Private and other special addresses cannot be listed. What
 * a listed name resolves to is not looked at: the platform's network reaches no private one, and its names are ours.
 * @throws OutboundRefused at once for a host that cannot be listed, later for a URL that is not allowed
 */
export function guardDestinations({ name, allowedHosts, allowLoopback = false }: Destinations): (url: URL) => void {
  const allowed = new Set(allowedHosts.map((host) => listedHost(name, host, allowLoopback)))
  return (url) => {
    const refuse = (why: string) => new OutboundRefused(name, why, url)
    if (url.username !== '' || url.password !== '') throw refuse('credentials belong into a header')
    const mayBePlain = allowLoopback && isLoopback(url.hostname)
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBePlain)) throw refuse('it is not https')
    if (!allowed.has(hostAndPort(url))) throw refuse('the host is not on its list')
  }
}

/** The listed host with its port, checked. */
function listedHost(name: string, host: string, allowLoopback: boolean): string {
  const text = `https://${host}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  // Only what a URL itself would write: no scheme, path, wildcard, capital or number in disguise.
  if (!url || (url.host !== host && `${url.host}:443` !== host) || host.includes('*')) {
    throw new OutboundRefused(name, `'${host}' is not a host as URLs write it`)
  }
  const isPublic = ipaddr.isValid(literal(url.hostname)) ? isPublicAddress(url.hostname) : isPublicName(url.hostname)
  if (!isPublic && !(allowLoopback && isLoopback(url.hostname))) {
    throw new OutboundRefused(name, `'${host}' is private or special`)
  }
  return hostAndPort(url)
}

function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`
}

/** A URL writes IPv6 in brackets, and every other spelling of IPv4 as four decimals. */
function literal(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

/** All that is allocated for the public (RFC 4291); what else ipaddr.js calls unicast is not. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')
/** A host's own services at a cloud provider, on an address that looks public. */
const METADATA_ADDRESSES = new Set(['168.63.129.16'])

function isPublicAddress(hostname: string): boolean {
  const address = ipaddr.parse(literal(hostname))
  if (address.range() !== 'unicast' || METADATA_ADDRESSES.has(address.toString())) return false
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST)
}

/** Names that only one machine or one private network knows (RFC 6761, 6762, 8375, and `.internal`). */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/

function isPublicName(hostname: string): boolean {
  return hostname.includes('.') && !hostname.endsWith('.') && !PRIVATE_NAME.test(hostname)
}

function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true
  return ipaddr.isValid(literal(hostname)) && ipaddr.parse(literal(hostname)).range() === 'loopback'
}
