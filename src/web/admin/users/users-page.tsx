import { useEffect, useState } from 'preact/hooks'
import type { UserSummary } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Notice } from '../../components/notice.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Select } from '../../components/select.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { usePages } from '../../components/use-pages.ts'
import { fullName } from '../../names.ts'
import { followInside, hrefWith, replace, route } from '../../route.ts'
import { useStore } from '../../store.ts'
import { listTime } from '../../times.ts'
import { useWorkspace } from '../../workspace.ts'
import { AdminFrame } from '../admin-frame.tsx'
import { State } from '../facts.tsx'
import { UserDetails } from './user-details.tsx'
import { ROLE_NAMES, TIER_NAMES } from './user-words.ts'

const PAUSE_MS = 250

const COLUMNS: Column<UserSummary>[] = [
  {
    key: 'name',
    title: 'Person',
    width: '32%',
    render: (user) => (
      <a class="person-link" href={hrefWith({ user: user.id })} onClick={followInside} data-testid="user-row">
        <Avatar id={user.id} name={fullName(user)} small />
        <span>
          <strong>{fullName(user)}</strong>
          <span>@{user.username}</span>
        </span>
      </a>
    ),
  },
  { key: 'email', title: 'E-mail', render: ({ email }) => email },
  { key: 'role', title: 'Role', isShort: true, render: ({ role }) => ROLE_NAMES[role] },
  { key: 'tier', title: 'Tier', isShort: true, render: ({ tier }) => TIER_NAMES[tier] },
  {
    key: 'state',
    title: 'State',
    isShort: true,
    render: ({ isActive }) => <State tone={isActive ? 'good' : 'plain'}>{isActive ? 'Active' : 'Closed'}</State>,
  },
  {
    key: 'login',
    title: 'Last sign-in',
    isShort: true,
    render: ({ lastLoginAt }) =>
      lastLoginAt === null ? 'Never' : <time dateTime={lastLoginAt}>{listTime(lastLoginAt)}</time>,
  },
]

/** Everybody who has an account. */
export function UsersPage() {
  const { user } = useStore(route).query
  return user === undefined ? <UserList /> : <UserDetails key={user} id={user} />
}

function UserList() {
  const { client } = useWorkspace()
  const { q, role: wantedRole, tier: wantedTier } = useStore(route).query
  const [text, setText] = useState(q ?? '')
  const role = keyOf(ROLE_NAMES, wantedRole)
  const tier = keyOf(TIER_NAMES, wantedTier)
  const users = usePages(
    (cursor, signal) => client.users.list({ cursor, q, role, tier }, { signal }),
    [client, q, role, tier],
  )

  useEffect(() => {
    const wanted = text.trim()
    if (wanted === (q ?? '')) return
    const timer = setTimeout(() => replace(hrefWith({ q: wanted || null })), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])

  return (
    <AdminFrame part="users" about="Everybody who has an account, newest first.">
      <div class="filters">
        <div class="filter-wide">
          <SearchField
            label="Search by name, username or e-mail"
            value={text}
            onInput={setText}
            placeholder="Name, username or e-mail"
            testId="user-search"
          />
        </div>
        <Select
          label="Role"
          options={[{ value: '', label: 'Any' }, ...optionsOf(ROLE_NAMES)]}
          value={role ?? ''}
          onChange={(value) => replace(hrefWith({ role: value || null }))}
        />
        <Select
          label="Tier"
          options={[{ value: '', label: 'Any' }, ...optionsOf(TIER_NAMES)]}
          value={tier ?? ''}
          onChange={(value) => replace(hrefWith({ tier: value || null }))}
        />
      </div>
      {users.status === 'failed' ? (
        <ErrorState problem={users.problem} onRetry={users.reload} />
      ) : (
        <Table
          caption="People, newest first"
          columns={COLUMNS}
          rows={users.items}
          keyOf={({ id }) => id}
          isLoading={users.status === 'loading'}
          hasMore={users.hasMore}
          onMore={users.loadMore}
          isLoadingMore={users.isLoadingMore}
          empty={
            <Notice title="Nobody found" withMark testId="no-users">
              <p>Names, usernames and addresses are searched by how they begin.</p>
            </Notice>
          }
          testId="users"
        />
      )}
    </AdminFrame>
  )
}

function keyOf<K extends string>(names: Record<K, string>, text: string | undefined): K | undefined {
  return (Object.keys(names) as K[]).find((key) => key === text)
}

function optionsOf<K extends string>(names: Record<K, string>): { value: K; label: string }[] {
  return (Object.keys(names) as K[]).map((value) => ({ value, label: names[value] }))
}
