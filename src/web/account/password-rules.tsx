import { Icon } from '../components/icon.tsx'

/** The server's rules in the order in which people meet them; the server has the last word. */
const RULES: { text: string; test: (password: string) => boolean }[] = [
  { text: '8 characters or more', test: (password) => password.length >= 8 && password.length <= 128 },
  { text: 'A lower-case letter', test: (password) => /\p{Ll}/u.test(password) },
  { text: 'An upper-case letter', test: (password) => /\p{Lu}/u.test(password) },
  { text: 'A digit', test: (password) => /\p{Nd}/u.test(password) },
  { text: 'A symbol', test: (password) => /[^\p{L}\p{Nd}\s]/u.test(password) },
]

export function isStrongEnough(password: string): boolean {
  return RULES.every(({ test }) => test(password))
}

export function PasswordRules({ password }: { password: string }) {
  return (
    <ul class="rules" aria-label="A password needs" data-testid="password-rules">
      {RULES.map(({ text, test }) => {
        const isMet = test(password)
        return (
          <li key={text} data-met={isMet}>
            <span class="rule-mark" aria-hidden="true">
              <Icon name="check" />
            </span>
            {text}
            <span class="visually-hidden">{isMet ? ': met' : ': not yet'}</span>
          </li>
        )
      })}
    </ul>
  )
}
