import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectResp, RedisError, type Reply, type Resp } from './resp.ts'

/** Where tests in workerd find Redis as they would find Upstash. A type, not an interface, so that it counts as JSON. */
export type UpstashAddress = {
  url: string
  token: string
}

export interface RedisBridge extends UpstashAddress {
  close(): Promise<void>
}

interface Answer {
  status: number
  body: string
}

/**
 * Upstash's REST protocol before a real Redis: `POST /` is a command, `/pipeline` several, `/multi-exec` a
 * transaction. The path may begin with something that goes wrong: `/hang` never answers, `/stall` stops in the
 * middle of its answer, `/late/MS` does what it is told and tells it late, `/answers/STATUS/TEXT` says TEXT.
 */
export async function startRedisBridge(redisPort: number): Promise<RedisBridge> {
  const redis = connectResp(redisPort)
  const token = randomUUID()
  const scripts = new Map<string, string>()
  const server = createServer((request, response) => {
    serve(request, response, (words) => plainScript(words, scripts), redis, token).catch((error: unknown) =>
      response.writeHead(500).end(JSON.stringify({ error: String(error) })),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The bridge has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    token,
    close: () => {
      redis.close()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  translate: (words: string[]) => string[],
  redis: Resp,
  token: string,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://bridge').pathname.split('/').slice(1)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const [trouble, detail = '', text = ''] = path
  if (trouble === 'hang') return
  if (trouble === 'stall') return void response.writeHead(200, { 'content-length': '100' }).write('{"result":[')
  if (trouble === 'answers') return void response.writeHead(Number(detail)).end(decodeURIComponent(text))

  const isAllowed = request.headers.authorization === `Bearer ${token}`
  const { status, body } = isAllowed
    ? await execute(path.at(-1) ?? '', JSON.parse(Buffer.concat(chunks).toString()), {
        translate,
        redis,
        encode: request.headers['upstash-encoding'] === 'base64' ? toBase64 : (reply) => reply,
      })
    : { status: 401, body: JSON.stringify({ error: 'WRONGPASS invalid or missing auth token' }) }
  if (trouble === 'late') await sleep(Number(detail), undefined, { ref: false })
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

async function execute(
  kind: string,
  body: unknown[],
  { translate, redis, encode }: { translate(words: string[]): string[]; redis: Resp; encode(reply: Reply): Reply },
): Promise<Answer> {
  const told = (reply: Reply) => (reply instanceof RedisError ? { error: reply.message } : { result: encode(reply) })
  const one = (reply: Reply): Answer => ({ status: reply instanceof RedisError ? 400 : 200, body: json(told(reply)) })
  if (kind !== 'pipeline' && kind !== 'multi-exec') {
    const [reply = null] = await redis.send([translate(body.map(String))])
    return one(reply)
  }
  const commands = (body as unknown[][]).map((words) => translate(words.map(String)))
  if (kind === 'pipeline') return { status: 200, body: json((await redis.send(commands)).map(told)) }
  const replies = await redis.send([['MULTI'], ...commands, ['EXEC']])
  const executed = replies.at(-1) ?? null
  return Array.isArray(executed) ? { status: 200, body: json(executed.map(told)) } : one(executed)
}

/**
 * Only Upstash knows this flag, with which a script locks no more than its keys: Redis gets the script without it,
 * and by the digest of what it got.
 */
function plainScript(words: string[], scripts: Map<string, string>): string[] {
  const [command = '', script = '', ...rest] = words
  if (/^evalsha/i.test(command)) return [command, scripts.get(script) ?? script, ...rest]
  if (!/^eval/i.test(command)) return words
  const plain = script.replace(/^#!lua flags=allow-key-locking\n/, '')
  scripts.set(sha1(script), sha1(plain))
  return [command, plain, ...rest]
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

/** The client takes every text for base64 once it has asked for that. */
function toBase64(reply: Reply): Reply {
  if (Array.isArray(reply)) return reply.map(toBase64)
  return typeof reply === 'string' ? Buffer.from(reply).toString('base64') : reply
}

function json(value: unknown): string {
  return JSON.stringify(value)
}
