import ipaddr from 'ipaddr.js'

/**
 * What stands for a caller's address in limits: only the platform's own header is believed, as anybody can write
 * `X-Forwarded-For`. An IPv6 address counts as its /64, all of which is one customer's.
 */
export function limitedAddress(connectingIp: string | undefined): string {
  if (connectingIp === undefined || !ipaddr.isValid(connectingIp)) return 'unknown'
  const address = ipaddr.process(connectingIp)
  if (address instanceof ipaddr.IPv6) return `${new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0])}/64`
  return address.toString()
}
