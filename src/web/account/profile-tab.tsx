import type { ComponentChildren } from 'preact'
import { Avatar } from '../components/avatar.tsx'
import { CopyField } from '../components/copy-field.tsx'
import { PageSection } from '../components/page-frame.tsx'
import { fullName, languageName } from '../names.ts'
import { ThemeChoice } from '../shell/theme-choice.tsx'
import { useStore } from '../store.ts'
import { longDate } from '../times.ts'
import { useWorkspace } from '../workspace.ts'
import { describeRole } from './roles.ts'

/** What is known of the person. */
export function ProfileTab() {
  const { user, address } = useWorkspace()
  const { email, isVerified } = useStore(address.state)
  const facts: [term: string, value: ComponentChildren][] = [
    [
      'E-mail',
      <>
        {email} <span class="fact-note">{isVerified ? 'verified' : 'not verified yet'}</span>
      </>,
    ],
    ['Role', describeRole(user.role)],
    ['Language', languageName(user.locale)],
    ['Time zone', user.timezone],
    ['Here since', <time dateTime={user.createdAt}>{longDate(user.createdAt)}</time>],
  ]
  return (
    <>
      <PageSection title="You" about="Others see your name and your username, and nothing else of this.">
        <div class="profile-head">
          <Avatar id={user.id} name={fullName(user)} />
          <div>
            <strong>{fullName(user)}</strong>
            <span>@{user.username}</span>
          </div>
        </div>
        <dl class="facts" data-testid="profile-facts">
          {facts.map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </PageSection>
      <PageSection title="Appearance" about="Of these pages, on this device.">
        <ThemeChoice />
      </PageSection>
      <PageSection title="For support" about="Whoever helps you finds your account by this.">
        <CopyField label="Your id" value={user.id} testId="profile-id" />
      </PageSection>
    </>
  )
}
