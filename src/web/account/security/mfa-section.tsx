import { useState } from 'preact/hooks'
import type { MfaStatus } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { useAction } from '../../components/use-action.ts'
import { fullTime, longDate } from '../../times.ts'
import { useWorkspace } from '../../workspace.ts'
import { DisableMfaDialog } from './mfa-disable-dialog.tsx'
import { RenewCodesDialog } from './mfa-renew-dialog.tsx'
import { type MfaSetup, SetUpMfaDialog } from './mfa-setup-dialog.tsx'
import type { SecuritySectionProps } from './security-tab.tsx'

/** From here on somebody should be told that their backup codes run out. */
const FEW_CODES = 3

type Open = { kind: 'set-up'; setup: MfaSetup } | { kind: 'renew' } | { kind: 'disable' } | null

/** Whether one step is enough to sign in, and the way to change that. */
export function MfaSection({ steps: { status, data, problem, reload } }: SecuritySectionProps) {
  const { client, user } = useWorkspace()
  const [open, setOpen] = useState<Open>(null)
  const begin = useAction(async () => setOpen({ kind: 'set-up', setup: await client.mfa.setUp() }))
  const close = () => {
    setOpen(null)
    reload()
  }
  return (
    <PageSection
      title="Two-step sign-in"
      about={
        data?.hasPassword === false
          ? 'After your account elsewhere, signing in asks for a code that an app on your phone shows.'
          : 'Besides your password, signing in asks for a code that an app on your phone shows.'
      }
      actions={
        data &&
        !data.isMfaEnabled && (
          <Button kind="primary" isBusy={begin.isBusy} onPress={() => void begin.run()} testId="mfa-set-up">
            Set it up
          </Button>
        )
      }
    >
      {status === 'loading' && !data && <SkeletonRows count={1} label="Loading how you sign in" />}
      {status === 'failed' && !data && <ErrorState problem={problem} onRetry={reload} />}
      {data && <MfaFacts status={data} />}
      {data?.isMfaEnabled && (
        <p class="page-actions">
          <Button onPress={() => setOpen({ kind: 'renew' })} testId="mfa-renew">
            Make new backup codes
          </Button>
          <Button kind="danger" onPress={() => setOpen({ kind: 'disable' })} testId="mfa-disable">
            Switch off
          </Button>
        </p>
      )}
      {open?.kind === 'set-up' && <SetUpMfaDialog setup={open.setup} email={user.email} onClose={close} />}
      {open?.kind === 'renew' && data && (
        <RenewCodesDialog hasPassword={data.hasPassword} email={user.email} onClose={close} />
      )}
      {open?.kind === 'disable' && data && <DisableMfaDialog hasPassword={data.hasPassword} onClose={close} />}
    </PageSection>
  )
}

function MfaFacts({ status }: { status: MfaStatus }) {
  const { isMfaEnabled, mfaEnabledAt, backupCodesLeft, hasPassword } = status
  const off = hasPassword ? 'Off: your password alone is enough' : 'Off: you sign in in one step'
  return (
    <dl class="facts" data-testid="mfa-facts" data-enabled={isMfaEnabled}>
      <div>
        <dt>State</dt>
        <dd>
          {isMfaEnabled && mfaEnabledAt ? (
            <>
              <span class="tag">On</span>{' '}
              <time dateTime={mfaEnabledAt} title={fullTime(mfaEnabledAt)}>
                since {longDate(mfaEnabledAt)}
              </time>
            </>
          ) : (
            off
          )}
        </dd>
      </div>
      {isMfaEnabled && (
        <div>
          <dt>Backup codes</dt>
          <dd data-testid="mfa-codes-left">
            {codesInWords(backupCodesLeft)}{' '}
            {backupCodesLeft <= FEW_CODES && <span class="tag tag-bad">Make new ones</span>}
          </dd>
        </div>
      )}
    </dl>
  )
}

function codesInWords(left: number): string {
  if (left === 0) return 'None is left'
  return left === 1 ? 'One is left' : `${left} are left`
}
