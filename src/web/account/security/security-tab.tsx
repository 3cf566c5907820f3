import { ApiKeysSection } from './api-keys-section.tsx'
import { EmailSection } from './email-section.tsx'
import { MfaSection } from './mfa-section.tsx'
import { PasskeysSection } from './passkeys-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { ProvidersSection } from './providers-section.tsx'

/** How the account is kept, in sections of one file each: first how one signs in, then what guards it besides. */
const SECTIONS: readonly { name: string; Section: () => preact.JSX.Element | null }[] = [
  { name: 'email', Section: EmailSection },
  { name: 'password', Section: PasswordSection },
  { name: 'mfa', Section: MfaSection },
  { name: 'passkeys', Section: PasskeysSection },
  { name: 'providers', Section: ProvidersSection },
  { name: 'api-keys', Section: ApiKeysSection },
]

export function SecurityTab() {
  return (
    <>
      {SECTIONS.map(({ name, Section }) => (
        <Section key={name} />
      ))}
    </>
  )
}
