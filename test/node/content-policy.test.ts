import { describe, expect, it } from 'vitest'
import { importSource } from '../support/node/import-source.ts'

const { contentPolicy } = await importSource<{
  contentPolicy(parts: { scriptHash: string; usesTurnstile: boolean }): string
}>('scripts/lib/content-policy.mjs')

describe('what the pages may load', () => {
  it('comes from here but for pictures, and from Turnstile only where it is configured', () => {
    const closed = contentPolicy({ scriptHash: 'sha256-x', usesTurnstile: false })
    expect(closed).toContain("default-src 'none'; script-src 'self' 'sha256-x'; ")
    expect(closed).toContain("; img-src 'self' data: https:;")
    expect(closed.replace(/img-src [^;]*/, '')).not.toMatch(/https?:|frame-src/)
    const open = contentPolicy({ scriptHash: 'sha256-x', usesTurnstile: true })
    expect(open).toContain("script-src 'self' 'sha256-x' https://challenges.cloudflare.com;")
    expect(open).toContain('; frame-src https://challenges.cloudflare.com;')
    expect(open.match(/https:/g)).toHaveLength(3)
  })
})
