import { Icon } from '../components/icon.tsx'
import { Meter } from '../components/progress.tsx'
import { judgePassword, PASSWORD_RULES } from './strength.ts'

interface PasswordRulesProps {
  password: string
  /** What the person has typed about themselves. */
  own: readonly string[]
}

const MOST = 4

/** What a new password needs, and how hard what is typed is to guess. */
export function PasswordRules({ password, own }: PasswordRulesProps) {
  const { level, word, tip } = judgePassword(password, own)
  const tone = level >= 3 ? 'good' : level === 1 ? 'bad' : 'plain'
  return (
    <div class="password-help">
      <ul class="rules" aria-label="A password needs" data-testid="password-rules">
        {PASSWORD_RULES.map(({ text, test }) => {
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
      <div class="strength" data-testid="password-strength" data-level={level}>
        <Meter label="Strength" value={level / MOST} text={word || 'Nothing typed yet'} tone={tone} />
        {/* Told when one pauses, and only what has changed: the word and what would help. */}
        <p class="strength-tip" role="status">
          {word && <span class="visually-hidden">Strength: {word}. </span>}
          {tip}
        </p>
      </div>
    </div>
  )
}
