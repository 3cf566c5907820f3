import { useState } from 'preact/hooks'
import type { Passkey } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Icon } from '../../components/icon.tsx'
import { List, ListRow } from '../../components/list.tsx'
import { Notice } from '../../components/notice.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { passFocusOn } from '../../components/pass-focus.ts'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { useLoad } from '../../components/use-load.ts'
import { passkeyProblem } from '../../passkey-problem.ts'
import { forgetPasskey, knowsPasskeys, makePasskey } from '../../passkeys.ts'
import { fullTime, timeAgo } from '../../times.ts'
import { useWorkspace } from '../../workspace.ts'
import { RenameDialog } from './rename-dialog.tsx'
import { toastChangedSignIn } from './sign-out-others.ts'

/** The passkeys of an account: each opens it by itself. */
export function PasskeysSection() {
  const { client } = useWorkspace()
  const { status, data, problem, reload, change } = useLoad((signal) => client.passkeys.list({ signal }), [client])
  const [renaming, setRenaming] = useState<Passkey | null>(null)
  const [removing, setRemoving] = useState<Passkey | null>(null)
  const known = data ?? []

  const add = useAction(
    async () => {
      const made = await makePasskey(await client.passkeys.beginAdding())
      const added = await client.passkeys.add(made)
      change((passkeys) => [added, ...passkeys])
      toastChangedSignIn(client, 'You can sign in with this device now')
    },
    { onProblem: (words, error) => tell(passkeyProblem(words, error)) },
  )
  const remove = useAction(async ({ id, name }: Passkey) => {
    await client.passkeys.remove(id)
    void forgetPasskey(id)
    const keepFocus = passFocusOn(rowOf(id))
    change((passkeys) => passkeys.filter((other) => other.id !== id))
    setRemoving(null)
    keepFocus()
    toastChangedSignIn(client, `Nobody signs in with “${name}” any more`)
  })
  return (
    <PageSection
      title="Passkeys"
      about="Sign in with your fingerprint, your face or a PIN of your device: nothing to remember, and nothing that a false page could take from you."
      actions={
        knowsPasskeys() && (
          <Button onPress={() => void add.run()} isBusy={add.isBusy} disabled={data === null} testId="passkey-add">
            <Icon name="plus" />
            Add a passkey
          </Button>
        )
      }
    >
      {!knowsPasskeys() && (
        <p class="preferences-state" data-testid="passkeys-unknown">
          This browser knows no passkeys.
        </p>
      )}
      {status === 'loading' && !data && <SkeletonRows count={1} label="Loading your passkeys" />}
      {status === 'failed' && !data && <ErrorState problem={problem} onRetry={reload} />}
      {data?.length === 0 && (
        <Notice title="No passkeys yet" testId="no-passkeys">
          <p>Add one on each device that you sign in with often.</p>
        </Notice>
      )}
      {known.length > 0 && (
        <List label="Your passkeys" testId="passkeys">
          {known.map((passkey) => (
            <PasskeyRow
              key={passkey.id}
              passkey={passkey}
              onRename={() => setRenaming(passkey)}
              onRemove={() => setRemoving(passkey)}
            />
          ))}
        </List>
      )}
      {renaming && (
        <RenameDialog
          title="Rename this passkey"
          name={renaming.name}
          hint="The device or the password manager that keeps it."
          testId="passkey-rename-dialog"
          onRename={async (name) => {
            await client.passkeys.rename(renaming.id, name)
            change((passkeys) => passkeys.map((one) => (one.id === renaming.id ? { ...one, name } : one)))
          }}
          onClose={() => setRenaming(null)}
        />
      )}
      {removing && (
        <Confirm
          title={`Remove “${removing.name}”?`}
          text="Nobody signs in with it any more. Your device may still offer it: delete it there too."
          action="Remove it"
          isBusy={remove.isBusy}
          testId="passkey-remove-confirm"
          onConfirm={() => void remove.run(removing)}
          onCancel={() => setRemoving(null)}
        />
      )}
    </PageSection>
  )
}

interface PasskeyRowProps {
  passkey: Passkey
  onRename: () => void
  onRemove: () => void
}

function PasskeyRow({ passkey, onRename, onRemove }: PasskeyRowProps) {
  const { id, name, isBackedUp, createdAt, lastUsedAt } = passkey
  return (
    <ListRow
      testId="passkey"
      data={{ 'data-passkey-id': id }}
      lead={
        <span class="notice-face">
          <Icon name="key" />
        </span>
      }
      title={
        <>
          {name} <span class="tag">{isBackedUp ? 'Synced' : 'On one device'}</span>
        </>
      }
      text={
        <>
          <time dateTime={createdAt} title={fullTime(createdAt)}>
            added {timeAgo(createdAt)}
          </time>
          {' · '}
          {lastUsedAt === null ? (
            'not used yet'
          ) : (
            <time dateTime={lastUsedAt} title={fullTime(lastUsedAt)}>
              used {timeAgo(lastUsedAt)}
            </time>
          )}
        </>
      }
      actions={
        <>
          <Button kind="icon" label={`Rename ${name}`} onPress={onRename} testId="passkey-rename">
            <Icon name="edit" />
          </Button>
          <Button kind="icon" label={`Remove ${name}`} onPress={onRemove} testId="passkey-remove">
            <Icon name="trash" />
          </Button>
        </>
      }
    />
  )
}

function rowOf(id: string): Element | null | undefined {
  return document.querySelector(`[data-passkey-id="${CSS.escape(id)}"]`)?.closest('li')
}

function tell(words: string | null): void {
  if (words !== null) toast({ text: words, tone: 'bad' })
}
