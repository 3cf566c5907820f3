import type { PermissionInfo, RoleInfo } from '../../client/index.ts'
import { ErrorState } from '../components/error-state.tsx'
import { PageSection } from '../components/page-frame.tsx'
import { type Column, Table } from '../components/table.tsx'
import { useLoad } from '../components/use-load.ts'
import { ADDRESSES, followInside, hrefOf } from '../route.ts'
import { useWorkspace } from '../workspace.ts'
import { AdminFrame } from './admin-frame.tsx'
import { State } from './facts.tsx'
import { formatCount } from './formats.ts'
import { ROLE_NAMES } from './users/user-words.ts'

const ROLE_COLUMNS: Column<RoleInfo>[] = [
  { key: 'name', title: 'Role', isShort: true, render: ({ name }) => <strong>{ROLE_NAMES[name]}</strong> },
  { key: 'description', title: 'Who has it', render: ({ description }) => description },
  { key: 'level', title: 'Level', isNumber: true, render: ({ level }) => formatCount(level) },
  { key: 'gives', title: 'Gives', isNumber: true, render: ({ permissions }) => formatCount(permissions.length) },
  {
    key: 'people',
    title: 'People',
    isShort: true,
    render: ({ name }) => (
      <a class="inline-link" href={hrefOf(ADDRESSES.adminUsers, { role: name })} onClick={followInside}>
        {`Show every ${ROLE_NAMES[name].toLowerCase()}`}
      </a>
    ),
  },
]

/** What each role gives, side by side. */
export function AccessPage() {
  const { client } = useWorkspace()
  const roles = useLoad((signal) => client.access.roles({ signal }), [client])
  const permissions = useLoad((signal) => client.access.permissions({ signal }), [client])
  const failed = [roles, permissions].find(({ status }) => status === 'failed')
  return (
    <AdminFrame part="access" about="What each role gives. What one person may besides is on their own page.">
      {failed ? (
        <ErrorState problem={failed.problem} onRetry={failed.reload} />
      ) : (
        <>
          <PageSection title="Roles" about="Where a page or a call asks for a level, a higher role does as well.">
            <Table
              caption="Roles, lowest first"
              columns={ROLE_COLUMNS}
              rows={roles.data ?? []}
              keyOf={({ id }) => id}
              isLoading={roles.data === null}
              testId="role-list"
            />
          </PageSection>
          <PageSection title="Permissions" about="Each is one act on one kind of thing.">
            <Table
              caption="Permissions, and which roles give them"
              columns={permissionColumns(roles.data ?? [])}
              rows={permissions.data ?? []}
              keyOf={({ id }) => id}
              isLoading={permissions.data === null || roles.data === null}
              testId="permission-list"
            />
          </PageSection>
        </>
      )}
    </AdminFrame>
  )
}

function permissionColumns(roles: readonly RoleInfo[]): Column<PermissionInfo>[] {
  return [
    {
      key: 'name',
      title: 'Permission',
      render: ({ name, description }) => (
        <span class="two-lines">
          <code>{name}</code>
          {description}
        </span>
      ),
    },
    ...roles.map(
      (role): Column<PermissionInfo> => ({
        key: role.name,
        title: ROLE_NAMES[role.name],
        isShort: true,
        render: ({ roles: givenBy }) => {
          const isGiven = givenBy.includes(role.name)
          return <State tone={isGiven ? 'good' : 'plain'}>{isGiven ? 'Yes' : 'No'}</State>
        },
      }),
    ),
  ]
}
