import { describe, expect, it } from 'vitest'
import { createOutside, type Deed, endlessBody, HOST } from '../support/outside.ts'

const allowing =
  (host: string, allowLoopback = false) =>
  () =>
    createOutside([fine], { allowedHosts: [host], ports: { allowLoopback } })
const fine: Deed = () => new Response('fine')
const moved =
  (location: string, status = 302): Deed =>
  () =>
    new Response('moved', { status, headers: { location } })

describe('an outbound call', () => {
  it.each([
    ['http', `http://${HOST}/`],
    ['another scheme', `ftp://${HOST}/`],
    ['another host', 'https://other.example.com/'],
    ['a host that only ends like it', `https://evil${HOST}/`],
    ['a host that only begins like it', `https://${HOST}.evil.com/`],
    ['its host with a dot after it', `https://${HOST}./`],
    ['another port', `https://${HOST}:8443/`],
    ['its host as a user name', `https://${HOST}@evil.com/`],
    ['credentials in the URL', `https://user:hush@${HOST}/`],
    ['a user name in the URL', `https://user@${HOST}/`],
    ['an address', 'https://93.184.216.34/'],
    ['a private address', 'http://169.254.169.254/latest/meta-data?token=hush'],
    ['data', 'data:text/plain,hush'],
  ])('is refused before it leaves where its URL has %s (R45.10)', async (_what, url) => {
    const { settle, requests, warnings } = createOutside([fine])
    const error = await settle(url).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'OutboundRefused', message: expect.stringMatching(/^example may not call /) })
    expect(String(error)).not.toContain('hush')
    expect([requests, warnings]).toEqual([[], []])
  })

  it('goes to a listed host, whatever the case and with or without the usual port (R45.10)', async () => {
    const { settle, requests } = createOutside([fine], { allowedHosts: [HOST, 'b.example.com:8443', '[2606:4700::1]'] })
    const urls = [
      `https://${HOST}/a`,
      `HTTPS://API.example.COM:443/b`,
      'https://b.example.com:8443/c',
      'https://[2606:4700:0::1]/d',
    ]
    for (const url of urls) expect((await settle(url)).status).toBe(200)
    expect(requests.map(({ url }) => new URL(url).pathname)).toEqual(['/a', '/b', '/c', '/d'])
    await expect(settle('https://b.example.com/')).rejects.toThrow('not on its list')
  })
})

describe('a list of hosts', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1:8443',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    '168.63.129.16',
    '[::1]',
    '[::]',
    '[fe80::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
    '[::ffff:7f00:1]',
    '[::ffff:808:808]',
    '[::7f00:1]',
    '[64:ff9b::a00:1]',
    '[2002:7f00:1::]',
    '[2001:db8::1]',
    '[fec0::1]',
    'localhost',
    'app.localhost:8443',
    'printer.local',
    'metadata.google.internal',
    'router.home.arpa',
    'redis',
    'api.example.com.',
  ])('takes no private or special one: %s (R45.10)', (host) => {
    expect(allowing(host)).toThrow('private or special')
  })

  it.each([
    '*.example.com',
    'https://api.example.com',
    'api.example.com/v1',
    'user@api.example.com',
    'API.example.com',
    'api.example.com:0443',
    '2130706433',
    '0x7f.1',
    '127.1',
    '0177.0.0.1',
    '[::ffff:127.0.0.1]',
    '',
    ' ',
    'bücher.example',
  ])('takes only what a URL would write: %j', (host) => {
    expect(allowing(host)).toThrow('not a host as URLs write it')
  })

  it('takes loopback, and http to it, only where development says so, and nothing else private (R45.10)', async () => {
    for (const host of ['127.0.0.1:9000', '[::1]:9000', 'localhost:9000', 'app.localhost:9000']) {
      expect(allowing(host)).toThrow('private or special')
      const { settle } = allowing(host, true)()
      expect((await settle(`http://${host}/`)).status).toBe(200)
      expect((await settle(`https://${host}/`)).status).toBe(200)
      await expect(settle(`http://${host.replace('9000', '9001')}/`)).rejects.toThrow('not on its list')
    }
    for (const host of ['10.0.0.1:9000', '169.254.169.254', '[::ffff:7f00:1]']) {
      expect(allowing(host, true)).toThrow('private or special')
    }
    await expect(allowing(HOST, true)().settle(`http://${HOST}/`)).rejects.toThrow('it is not https')
  })
})

describe('a redirect', () => {
  const two = { allowedHosts: [HOST, 'other.example.com'] }
  const secrets = {
    authorization: 'Bearer hush',
    cookie: 'hush',
    'x-api-key': 'hush',
    'x-auth-token': 'hush',
    'ocp-apim-subscription-key': 'hush',
  }
  const kept = { accept: 'text/plain', 'idempotency-key': 'one', 'x-correlation-id': 'request-0001' }

  it('is followed within the list, within one attempt, and its body is let go of (R45.10)', async () => {
    const { stream, isCancelled } = endlessBody()
    const first = () => new Response(stream, { status: 302, headers: { location: '/b?c=1' } })
    const { settle, requests, warnings } = createOutside([first, moved('https://other.example.com/d'), fine], two)
    expect(await (await settle(`https://${HOST}/a`)).text()).toBe('fine')
    expect(requests.map(({ url }) => url)).toEqual([
      `https://${HOST}/a`,
      `https://${HOST}/b?c=1`,
      'https://other.example.com/d',
    ])
    expect([isCancelled(), warnings]).toEqual([true, []])
  })

  it.each([
    ['a private address', 'http://169.254.169.254/latest'],
    ['loopback', 'https://127.0.0.1/'],
    ['an address in disguise', 'https://[::ffff:127.0.0.1]/'],
    ['a host that is not listed', 'https://evil.example.net/'],
    ['the same host without TLS', `http://${HOST}/`],
    ['credentials in the URL', `https://user:hush@${HOST}/`],
    ['no URL', 'https://:::/'],
    ['another scheme', 'file:///etc/passwd'],
  ])(
    'to %s is not followed: an outage of whoever sent it, and not asked for again (R45.10)',
    async (_what, location) => {
      const { settle, requests, warnings } = createOutside([moved(location), fine])
      await expect(settle(`https://${HOST}/a`)).rejects.toMatchObject({
        name: 'Outage',
        code: 'UNAVAILABLE',
        facts: { why: 'a redirect that cannot be followed', attempts: 1 },
      })
      expect(requests).toHaveLength(1)
      expect(warnings).toMatchObject([{ givesUp: 'not retryable' }])
    },
  )

  it('is followed three times at most (R45.10)', async () => {
    const { settle, requests } = createOutside([moved('/1'), moved('/2'), moved('/3'), fine])
    expect((await settle(`https://${HOST}/0`)).status).toBe(200)
    expect(requests).toHaveLength(4)
    const round = createOutside([moved('/round')])
    await expect(round.settle(`https://${HOST}/`)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(round.requests).toHaveLength(4)
  })

  it('is an answer where the caller or the policy wants it so, and where it leads nowhere', async () => {
    const asked = createOutside([moved('/b')])
    expect((await asked.settle(`https://${HOST}/a`, { redirect: 'manual' })).headers.get('location')).toBe('/b')
    expect((await createOutside([moved('/b')], { maxRedirects: 0 }).settle(`https://${HOST}/a`)).status).toBe(302)
    for (const status of [300, 304, 302]) {
      const { settle, requests } = createOutside([() => new Response(null, { status })])
      expect([(await settle(`https://${HOST}/a`)).status, requests.length]).toEqual([status, 1])
    }
  })

  it('takes what may be a credential to no other origin, and never gets it back (R45.10)', async () => {
    const deeds = [moved('/b'), moved('https://other.example.com/c'), moved(`https://${HOST}/d`), fine]
    const { settle, requests } = createOutside(deeds, two)
    await settle(`https://${HOST}/a`, { headers: { ...secrets, ...kept } })
    const holding = requests.map(({ headers }) => Object.keys(secrets).filter((name) => headers.has(name)).length)
    expect(holding).toEqual([5, 5, 0, 0])
    for (const { headers } of requests) expect(Object.fromEntries(headers)).toMatchObject(kept)
  })

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [307, 'POST', 'POST', 'body'],
    [308, 'POST', 'POST', 'body'],
    [301, 'PUT', 'PUT', 'body'],
    [302, 'DELETE', 'DELETE', 'body'],
    [303, 'PUT', 'GET', ''],
    [303, 'HEAD', 'HEAD', ''],
    [307, 'GET', 'GET', ''],
  ])('of status %i turns a %s into a %s', async (status, method, expected, body) => {
    const { settle, requests } = createOutside([moved('/b', status), () => new Response(null)])
    const hasBody = method !== 'GET' && method !== 'HEAD'
    await settle(`https://${HOST}/a`, {
      method,
      ...(hasBody ? { body: 'body', headers: { 'content-language': 'en' } } : {}),
    })
    expect(requests.map((sent) => sent.method)).toEqual([method, expected])
    expect(requests[1]?.body).toBe(body)
    const speaksOfBody = ['content-type', 'content-language'].map((name) => requests[1]?.headers.has(name))
    expect(speaksOfBody).toEqual(body === '' ? [false, false] : [true, true])
  })

  it('that wants a stream again is not followed, one that does not is', async () => {
    const send = (status: number, body: () => ReadableStream | (() => ReadableStream)) => {
      const outside = createOutside([moved('/b', status), fine])
      return outside.settle(`https://${HOST}/a`, { method: 'POST', body: body() }).then(
        () => outside.requests.map((sent) => sent.body),
        (error: { code: string }) => error.code,
      )
    }
    const stream = () => new Blob(['once']).stream()
    expect(await send(307, stream)).toBe('UNAVAILABLE')
    expect(await send(303, stream)).toEqual(['once', ''])
    expect(await send(307, () => stream)).toEqual(['once', 'once'])
  })
})
