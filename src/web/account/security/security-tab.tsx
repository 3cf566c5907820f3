import type { MfaStatus } from '../../../client/index.ts'
import { type Loaded, useLoad } from '../../components/use-load.ts'
import { useWorkspace } from '../../workspace.ts'
import { ApiKeysSection } from './api-keys-section.tsx'
import { EmailSection } from './email-section.tsx'
import { MfaSection } from './mfa-section.tsx'
import { PasskeysSection } from './passkeys-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { ProvidersSection } from './providers-section.tsx'

/** What more than one section has to know. */
export interface SecuritySectionProps {
  /** Whether there is a password, and a second step. */
  steps: Loaded<MfaStatus>
}

/** How the account is kept, in sections of one file each: first how one signs in, then what guards it besides. */
const SECTIONS: readonly { name: string; Section: (props: SecuritySectionProps) => preact.JSX.Element | null }[] = [
  { name: 'email', Section: EmailSection },
  { name: 'password', Section: PasswordSection },
  { name: 'mfa', Section: MfaSection },
  { name: 'passkeys', Section: PasskeysSection },
  { name: 'providers', Section: ProvidersSection },
  { name: 'api-keys', Section: ApiKeysSection },
]

export function SecurityTab() {
  const { client } = useWorkspace()
  const steps = useLoad((signal) => client.mfa.status({ signal }), [client])
  return (
    <>
      {SECTIONS.map(({ name, Section }) => (
        <Section key={name} steps={steps} />
      ))}
    </>
  )
}
