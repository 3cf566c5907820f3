import { existsSync } from 'node:fs'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

export const HOW_TO_INSTALL =
  'Install Chromium (Debian, Ubuntu: `sudo apt-get install chromium`) or set CHROMIUM_PATH to its program.'

/** The browser that the tests drive, or undefined. */
export function findChromium() {
  const candidates = process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : PLACES
  return candidates.find((path) => existsSync(path))
}
