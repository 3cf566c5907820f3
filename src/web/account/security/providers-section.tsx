import { useState } from 'preact/hooks'
import type { LinkedAccount, SignInProvider } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Icon } from '../../components/icon.tsx'
import { List, ListRow } from '../../components/list.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { passFocusOn } from '../../components/pass-focus.ts'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { useAction } from '../../components/use-action.ts'
import { useLoad } from '../../components/use-load.ts'
import { accountHref } from '../../route.ts'
import { longDate, timeAgo } from '../../times.ts'
import { useWorkspace } from '../../workspace.ts'
import { noteTrip } from '../outside/trip.ts'
import { toastChangedSignIn } from './sign-out-others.ts'

interface Row {
  id: string
  name: string
  /** Absent where one could link it. */
  linked?: LinkedAccount
  provider?: SignInProvider
}

/** By whom else one signs in. Nothing is drawn where nobody is configured and nothing is linked. */
export function ProvidersSection() {
  const { client } = useWorkspace()
  const { status, data, problem, reload, change } = useLoad(
    async (signal) => {
      const [providers, linked] = await Promise.all([
        client.providers.list({ signal }),
        client.providers.linked({ signal }),
      ])
      return rowsOf(providers, linked)
    },
    [client],
  )
  const [unlinking, setUnlinking] = useState<Row | null>(null)
  const link = useAction(async (provider: SignInProvider) => {
    const { url } = await client.providers.beginLink(provider.id)
    noteTrip({ purpose: 'link', provider, place: accountHref('security') })
    location.assign(url)
  })
  const unlink = useAction(async (row: Row) => {
    await client.providers.unlink(row.id)
    const keepFocus = passFocusOn(document.querySelector(`[data-provider="${row.id}"]`)?.closest('li'))
    change((rows) =>
      rows.flatMap(({ linked, ...other }) => {
        if (other.id !== row.id) return [{ ...other, ...(linked && { linked }) }]
        return other.provider ? [other] : []
      }),
    )
    setUnlinking(null)
    keepFocus()
    toastChangedSignIn(client, `${row.name} does not sign you in any more`)
  })
  if (data?.length === 0) return null
  return (
    <PageSection title="Linked accounts" about="Accounts elsewhere by which you sign in here, without a password.">
      {status === 'loading' && !data && <SkeletonRows count={2} label="Loading your linked accounts" />}
      {status === 'failed' && !data && <ErrorState problem={problem} onRetry={reload} />}
      {data && (
        <List label="Linked accounts" testId="linked-accounts">
          {data.map((row) => (
            <ProviderRow
              key={row.id}
              row={row}
              isBusy={link.isBusy}
              onLink={(provider) => void link.run(provider)}
              onUnlink={() => setUnlinking(row)}
            />
          ))}
        </List>
      )}
      {unlinking && (
        <Confirm
          title={`Unlink ${unlinking.name}?`}
          text="You sign in by your password or a passkey from then on. You can link it again."
          action="Unlink it"
          isBusy={unlink.isBusy}
          testId="confirm-unlink"
          onConfirm={() => void unlink.run(unlinking)}
          onCancel={() => setUnlinking(null)}
        />
      )}
    </PageSection>
  )
}

interface ProviderRowProps {
  row: Row
  isBusy: boolean
  onLink: (provider: SignInProvider) => void
  onUnlink: () => void
}

function ProviderRow({ row: { id, name, linked, provider }, isBusy, onLink, onUnlink }: ProviderRowProps) {
  return (
    <ListRow
      testId="linked-account"
      data={{ 'data-provider': id, 'data-linked': linked !== undefined }}
      lead={
        <span class="notice-face">
          <Icon name="everywhere" />
        </span>
      }
      title={name}
      text={linked ? wordsOf(linked) : 'Not linked'}
      actions={
        linked ? (
          <Button onPress={onUnlink} label={`Unlink ${name}`} testId="unlink-provider">
            Unlink
          </Button>
        ) : (
          provider && (
            <Button isBusy={isBusy} onPress={() => onLink(provider)} label={`Link ${name}`} testId="link-provider">
              Link
            </Button>
          )
        )
      }
    />
  )
}

function wordsOf({ email, createdAt, lastUsedAt }: LinkedAccount): string {
  const used = lastUsedAt === null ? 'not used yet' : `used ${timeAgo(lastUsedAt)}`
  return [email, `linked on ${longDate(createdAt)}`, used].filter(Boolean).join(' · ')
}

/** All that are configured, and those that are linked though nobody offers them any more. */
function rowsOf(providers: readonly SignInProvider[], linked: readonly LinkedAccount[]): Row[] {
  const linkOf = (id: string) => linked.find(({ provider }) => provider === id)
  const known = providers.map((provider): Row => {
    const link = linkOf(provider.id)
    return { id: provider.id, name: provider.name, provider, ...(link && { linked: link }) }
  })
  const others = linked.filter(({ provider }) => !providers.some(({ id }) => id === provider))
  return [...known, ...others.map((link): Row => ({ id: link.provider, name: link.name, linked: link }))]
}
