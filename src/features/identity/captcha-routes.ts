import { Hono } from 'hono'
import type { AppEnv } from '../../http/app-env.ts'
import { contract } from '../../http/contract.ts'
import { COSTS_NOTHING } from '../../http/cost.ts'
import { envelope, ok } from '../../http/envelope.ts'
import { CaptchaWidget } from './schemas.ts'

export const captchaRoutes = new Hono<AppEnv>().get(
  '/captcha',
  contract('Read how to show that one is not a program', {
    access: 'public',
    tag: 'Identity',
    limits: [],
    idempotency: 'off',
    cache: { publicSeconds: 300 },
    cost: COSTS_NOTHING,
    description: 'For a page that was answered CAPTCHA_REQUIRED: the site key of its Turnstile widget.',
    answers: { 200: envelope(CaptchaWidget) },
  }),
  (c) => ok(c, { siteKey: c.get('isolate').captcha?.siteKey ?? null }),
)
