import { PageSection } from '../../components/page-frame.tsx'
import { useWorkspace } from '../../workspace.ts'

/** The address by which one signs in, and whether it is known to be one's own. */
export function EmailSection() {
  const { user } = useWorkspace()
  return (
    <PageSection title="E-mail address" about="You sign in with it, and mail about your account goes there.">
      <dl class="facts" data-testid="email-facts">
        <div>
          <dt>Address</dt>
          <dd>
            {user.email} <span class="tag">{user.isEmailVerified ? 'Verified' : 'Not verified yet'}</span>
          </dd>
        </div>
      </dl>
    </PageSection>
  )
}
