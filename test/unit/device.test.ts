import { describe, expect, it } from 'vitest'
import { deviceOf } from '../../src/platform/device.ts'

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)'

describe('the device of a session', () => {
  it.each([
    [
      'Firefox on Windows',
      'computer',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0',
    ],
    ['Chrome on Linux', 'computer', `Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} HeadlessChrome/131.0.0.0 Safari/537.36`],
    ['Edge on Windows', 'computer', `Mozilla/5.0 (Windows NT 10.0) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36 Edg/131.0`],
    [
      'Chrome on Android',
      'phone',
      `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} Chrome/131.0.0.0 Mobile Safari/537.36`,
    ],
    ['Chrome on Android', 'tablet', `Mozilla/5.0 (Linux; Android 13; SM-X) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36`],
    [
      'Safari on iPhone',
      'phone',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    ],
    [
      'Chrome on iPhone',
      'phone',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 CriOS/131.0 Mobile Safari/604.1',
    ],
    [
      'Safari on Mac',
      'computer',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    ],
    [
      'Safari on iPad',
      'tablet',
      'Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
    ],
    ['Chrome on ChromeOS', 'computer', `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${WEBKIT} Chrome/131.0 Safari/537.36`],
    [
      'Samsung Internet on Android',
      'phone',
      `Mozilla/5.0 (Linux; Android 14; SM-S911B) ${WEBKIT} SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36`,
    ],
    ['Browser on Linux', 'computer', 'Mozilla/5.0 (X11; Linux x86_64) Something/1.0'],
    ['curl', 'program', 'curl/8.9.1'],
    ['node', 'program', 'node'],
    ['Unknown program', 'program', '  <b>?</b>'],
    ['Unknown device', 'program', null],
  ] as const)('is told as %s, a %s', (name, kind, userAgent) => {
    expect(deviceOf(userAgent)).toEqual({ name, kind })
  })
})
