import { bodyLimit } from 'hono/body-limit'
import { every } from 'hono/combine'
import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'
import { mediaTypeOf } from '../media-type.ts'

/** For routes that take JSON: refuses other media types, counts the bytes, and bounds how deep they are nested. */
export function limitBody(maxSize: number, types: readonly string[]) {
  return every(
    createMiddleware(async function demandJson(c, next) {
      if (!types.includes(mediaTypeOf(c))) {
        // RFC 5789 asks for this header of a PATCH.
        if (c.req.method === 'PATCH') c.header('Accept-Patch', types.join(', '))
        throw new Refusal('UNSUPPORTED_MEDIA_TYPE', `Send the body as ${types.join(', ')}`)
      }
      await next()
    }),
    bodyLimit({
      maxSize,
      onError: () => {
        throw new Refusal('PAYLOAD_TOO_LARGE', `The body may have at most ${maxSize} bytes`)
      },
    }),
    createMiddleware(async function limitDepth(c, next) {
      // hono keeps the text, so that validation parses what was counted here.
      if (depthOf(await c.req.text()) > MAX_DEPTH) {
        throw new Refusal('MALFORMED_REQUEST', `The body may be nested ${MAX_DEPTH} deep at most`)
      }
      await next()
    }),
  )
}

/** Nothing that we take is nested deeper than a few levels. */
const MAX_DEPTH = 32

/** How deep brackets are nested, outside strings: known before a parser recurses. */
function depthOf(json: string): number {
  let [depth, deepest, isText] = [0, 0, false]
  for (let i = 0; i < json.length; i += 1) {
    const character = json[i]
    if (isText && character === '\\') i += 1
    else if (character === '"') isText = !isText
    else if (!isText && (character === '{' || character === '[')) {
      depth += 1
      deepest = Math.max(deepest, depth)
    } else if (!isText && (character === '}' || character === ']')) depth -= 1
  }
  return deepest
}
