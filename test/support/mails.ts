import { env } from 'cloudflare:workers'

export interface KeptMail {
  subject: string
  html: string
  text: string
}

/** What the development mailbox has for an address, newest first. */
export async function mailsTo(address: string): Promise<KeptMail[]> {
  const { results } = await env.DB.prepare(
    'select subject, html, text from dev_mails where to_address = ? order by created_at desc, rowid desc',
  )
    .bind(address)
    .all<KeptMail>()
  return results
}

/** The token behind the `#` of the newest mail's link. */
export async function newestToken(address: string): Promise<string> {
  const [mail] = await mailsTo(address)
  const token = /#token=([0-9a-f]{64})/.exec(mail?.text ?? '')?.[1]
  if (token === undefined) throw new Error(`No mail with a token has come to ${address}`)
  return token
}
