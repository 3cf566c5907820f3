const SCRIPT = 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit'

interface WidgetOptions {
  sitekey: string
  action: string
  theme: 'auto'
  size: 'flexible'
  callback: (token: string) => void
  'expired-callback': () => void
  /** True: it was dealt with. */
  'error-callback': () => boolean
}

/** What Turnstile's script leaves in the window, as far as it is used here. */
export interface Turnstile {
  render(box: HTMLElement, options: WidgetOptions): string
  remove(widget: string): void
}

declare global {
  var turnstile: Turnstile | undefined
}

let loading: Promise<Turnstile> | undefined

/**
 * The one script that comes from somewhere else, and only to somebody of whom a captcha is demanded. The pages' policy
 * lets it in where Turnstile is configured. A failure is forgotten, so that one can try again.
 */
export function loadTurnstile(): Promise<Turnstile> {
  loading ??= addScript().catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

function addScript(): Promise<Turnstile> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    const fail = () => {
      script.remove()
      reject(new Error('Turnstile could not be loaded'))
    }
    script.src = SCRIPT
    script.onerror = fail
    script.onload = () => (typeof turnstile === 'undefined' ? fail() : resolve(turnstile))
    document.head.append(script)
  })
}
