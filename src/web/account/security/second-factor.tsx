import type { Client, DisableMfaBody } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { BackupCodeField, MfaCodeField } from '../../step-up/code-fields.tsx'

/** By what somebody shows their second factor in a form, beside their password. */
export type FactorKind = 'mfaCode' | 'backupCode' | 'passkey'

const CHOICES: Record<FactorKind, string> = {
  mfaCode: 'Use the authenticator app',
  backupCode: 'Use a backup code',
  passkey: 'Use a passkey',
}
const MISSING: Record<FactorKind, string | undefined> = {
  mfaCode: 'Enter the code that your app shows',
  backupCode: 'Enter one of your backup codes',
  passkey: undefined,
}

export type FactorValues = Record<'password' | 'mfaCode' | 'backupCode', string>

/** The fields that such a form has: what is wrong with a code is said beside the one that is shown. */
export function namesOf(kind: FactorKind): (keyof FactorValues)[] {
  return kind === 'passkey' ? ['password'] : ['password', kind]
}

/** What is missing in a form that asks for the password, where there is one, and this factor. */
export function missingOf(kind: FactorKind, hasPassword: boolean, values: FactorValues): Record<string, string> {
  const missing = kind === 'passkey' || values[kind] ? undefined : MISSING[kind]
  return {
    ...(values.password || !hasPassword ? {} : { password: 'Enter your password' }),
    ...(missing === undefined ? {} : { [kind]: missing }),
  }
}

/** The factor as the server takes it. A passkey is asked for now. @throws what the browser says of the passkey */
export async function showFactor(
  client: Client,
  kind: FactorKind,
  { mfaCode, backupCode }: FactorValues,
): Promise<Pick<DisableMfaBody, FactorKind>> {
  if (kind === 'mfaCode') return { mfaCode: mfaCode.replaceAll(/\s/g, '') }
  if (kind === 'backupCode') return { backupCode }
  const { showPasskey } = await import('../../passkeys.ts')
  return { passkey: await showPasskey(await client.passkeys.beginStepUp()) }
}

export function FactorField({ kind, fields }: { kind: FactorKind; fields: Record<string, string> }) {
  if (kind === 'mfaCode') return <MfaCodeField error={fields.mfaCode} />
  if (kind === 'backupCode') return <BackupCodeField error={fields.backupCode} />
  return <p>Your browser asks for the passkey when you go on.</p>
}

interface OtherFactorsProps {
  kinds: readonly FactorKind[]
  kind: FactorKind
  onChoose: (kind: FactorKind) => void
}

/** For whoever has not at hand what is asked for. */
export function OtherFactors({ kinds, kind, onChoose }: OtherFactorsProps) {
  const others = kinds.filter((other) => other !== kind)
  // A browser without passkeys shows none.
  const known = typeof PublicKeyCredential === 'undefined' ? others.filter((other) => other !== 'passkey') : others
  return (
    <div class="account-others">
      {known.map((other) => (
        <Button key={other} kind="text" onPress={() => onChoose(other)} testId={`factor-${other}`}>
          {CHOICES[other]}
        </Button>
      ))}
    </div>
  )
}
