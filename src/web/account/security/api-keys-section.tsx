import { useState } from 'preact/hooks'
import type { ApiKey } from '../../../client/index.ts'
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
import { fullTime, longDate, timeAgo } from '../../times.ts'
import { useWorkspace } from '../../workspace.ts'
import { NewApiKeyDialog } from './new-api-key-dialog.tsx'
import { RenameDialog } from './rename-dialog.tsx'
import { scopesInWords } from './scope-words.ts'

/** Keys with which programs act for the person. */
export function ApiKeysSection() {
  const { client } = useWorkspace()
  const { status, data, problem, reload, change } = useLoad((signal) => client.apiKeys.list({ signal }), [client])
  const [isMaking, setMaking] = useState(false)
  const [renaming, setRenaming] = useState<ApiKey | null>(null)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const known = data ?? []

  const revoke = useAction(async ({ id, name }: ApiKey) => {
    await client.apiKeys.revoke(id)
    const keepFocus = passFocusOn(document.querySelector(`[data-api-key-id="${id}"]`)?.closest('li'))
    change((keys) => keys.filter((other) => other.id !== id))
    setRevoking(null)
    keepFocus()
    toast({ text: `“${name}” is good for nothing now`, tone: 'good' })
  })
  return (
    <PageSection
      title="API keys"
      about="For programs that act in your name, within what you allow each of them."
      actions={
        <Button onPress={() => setMaking(true)} disabled={data === null} testId="api-key-new">
          <Icon name="plus" />
          New key
        </Button>
      }
    >
      {status === 'loading' && !data && <SkeletonRows count={1} label="Loading your API keys" />}
      {status === 'failed' && !data && <ErrorState problem={problem} onRetry={reload} />}
      {data?.length === 0 && (
        <Notice title="No API keys" testId="no-api-keys">
          <p>Whoever writes programs for Selvage makes one here.</p>
        </Notice>
      )}
      {known.length > 0 && (
        <List label="Your API keys" testId="api-keys">
          {known.map((key) => (
            <ApiKeyRow key={key.id} apiKey={key} onRename={() => setRenaming(key)} onRevoke={() => setRevoking(key)} />
          ))}
        </List>
      )}
      {isMaking && (
        <NewApiKeyDialog
          onMade={({ key: _shown, ...view }) => change((keys) => [view, ...keys])}
          onClose={() => setMaking(false)}
        />
      )}
      {renaming && (
        <RenameDialog
          title="Rename this key"
          name={renaming.name}
          hint="What it is for."
          testId="api-key-rename-dialog"
          onRename={async (name) => {
            await client.apiKeys.rename(renaming.id, name)
            change((keys) => keys.map((one) => (one.id === renaming.id ? { ...one, name } : one)))
          }}
          onClose={() => setRenaming(null)}
        />
      )}
      {revoking && (
        <Confirm
          title={`Revoke “${revoking.name}”?`}
          text="Programs that use it are shut out within seconds. This cannot be undone."
          action="Revoke it"
          isBusy={revoke.isBusy}
          testId="api-key-revoke-confirm"
          onConfirm={() => void revoke.run(revoking)}
          onCancel={() => setRevoking(null)}
        />
      )}
    </PageSection>
  )
}

interface ApiKeyRowProps {
  apiKey: ApiKey
  onRename: () => void
  onRevoke: () => void
}

function ApiKeyRow({ apiKey, onRename, onRevoke }: ApiKeyRowProps) {
  const { id, name, hint, scopes, expiresAt, lastUsedAt, lastUsedIp } = apiKey
  const hasExpired = Date.parse(expiresAt) <= Date.now()
  return (
    <ListRow
      testId="api-key"
      data={{ 'data-api-key-id': id }}
      lead={
        <span class="notice-face">
          <Icon name="hash" />
        </span>
      }
      title={
        <>
          {name} {hasExpired && <span class="tag tag-bad">Expired</span>}
        </>
      }
      text={
        <>
          {scopesInWords(scopes)} · ends in <code>{hint}</code> ·{' '}
          <time dateTime={expiresAt} title={fullTime(expiresAt)}>
            {hasExpired ? 'was good' : 'good'} until {longDate(expiresAt)}
          </time>
          {' · '}
          {lastUsedAt === null ? (
            'not used yet'
          ) : (
            <time dateTime={lastUsedAt} title={fullTime(lastUsedAt)}>
              used {timeAgo(lastUsedAt)}
              {lastUsedIp && ` from ${lastUsedIp}`}
            </time>
          )}
        </>
      }
      actions={
        <>
          <Button kind="icon" label={`Rename ${name}`} onPress={onRename} testId="api-key-rename">
            <Icon name="edit" />
          </Button>
          <Button kind="icon" label={`Revoke ${name}`} onPress={onRevoke} testId="api-key-revoke">
            <Icon name="trash" />
          </Button>
        </>
      }
    />
  )
}
