import { useState } from 'preact/hooks'
import type { CurrentUser, PermissionInfo, UserAccess, UserDetails } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { Select } from '../../components/select.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { useLoad } from '../../components/use-load.ts'
import { fullName } from '../../names.ts'
import { useWorkspace } from '../../workspace.ts'
import { State } from '../facts.tsx'
import { ReasonDialog } from '../reason-dialog.tsx'
import { GRANT_WORDS, type Grant, grantOf, sourceOf } from './access-words.ts'
import { mayGive, whyOutOfReach } from './reach.ts'

const OPTIONS = (Object.keys(GRANT_WORDS) as Grant[]).map((value) => ({ value, label: GRANT_WORDS[value] }))

/** What is so, and what the API would take of this person. */
function optionsFor(me: CurrentUser, access: UserAccess, name: PermissionInfo['name']) {
  const now = grantOf(access, name)
  const gives = (grant: Grant) => grant === 'allow' || (grant === 'none' && now === 'deny')
  return OPTIONS.filter(({ value }) => value === now || !gives(value) || mayGive(me, name))
}

interface Wish {
  permission: PermissionInfo
  grant: Grant
}

/** What somebody may, from where it comes, and what they are granted or denied besides their roles. */
export function PermissionsSection({ user }: { user: UserDetails }) {
  const { client, user: me } = useWorkspace()
  const access = useLoad((signal) => client.access.of(user.id, { signal }), [client, user.id, user.roles.join()])
  const all = useLoad((signal) => client.access.permissions({ signal }), [client])
  const [wish, setWish] = useState<Wish | null>(null)
  const change = useAction(
    async ({ permission, grant }: Wish, reason: string) => {
      const about = { userId: user.id, permissionId: permission.id, reason }
      const after = await (grant === 'none'
        ? client.access.revoke(about)
        : client.access.grant({ ...about, effect: grant }))
      access.change(() => after)
      setWish(null)
      toast({ text: `${permission.name}: ${GRANT_WORDS[grant].toLowerCase()}.`, tone: 'good' })
    },
    { onProblem: () => undefined },
  )
  const failed = [access, all].find(({ status }) => status === 'failed')
  const whyNot = whyOutOfReach(me, user)
  const mayChange = whyNot === null
  return (
    <PageSection
      title="May do"
      about={mayChange ? 'What their roles give, and what was granted or denied to them. A denial wins.' : whyNot}
    >
      {failed ? (
        <ErrorState problem={failed.problem} onRetry={failed.reload} />
      ) : (
        <Table
          caption={`What ${fullName(user)} may do`}
          columns={columnsWith(access.data, mayChange, setWish)}
          rows={access.data ? (all.data ?? []) : []}
          keyOf={({ id }) => id}
          isLoading={access.data === null || all.data === null}
          testId="permissions"
        />
      )}
      {wish && (
        <ReasonDialog
          title={`Change ${wish.permission.name}`}
          text={`Whether ${fullName(user)} may do this: ${wish.permission.description.toLowerCase()}.`}
          action="Change it"
          isBusy={change.isBusy}
          problem={change.problem}
          onGo={(reason) => void change.run(wish, reason)}
          onClose={() => setWish(null)}
        >
          <Select
            label="Besides their roles"
            options={access.data ? optionsFor(me, access.data, wish.permission.name) : []}
            value={wish.grant}
            onChange={(grant) => setWish({ ...wish, grant })}
            testId="grant-choice"
          />
        </ReasonDialog>
      )}
    </PageSection>
  )
}

function columnsWith(
  access: UserAccess | null,
  mayChange: boolean,
  onPick: (wish: Wish) => void,
): Column<PermissionInfo>[] {
  const columns: Column<PermissionInfo>[] = [
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
    {
      key: 'may',
      title: 'May',
      isShort: true,
      render: ({ name }) => {
        const may = access?.permissions.includes(name)
        return <State tone={may ? 'good' : 'plain'}>{may ? 'Yes' : 'No'}</State>
      },
    },
    { key: 'source', title: 'From', render: ({ name }) => access && sourceOf(access, name) },
  ]
  if (!mayChange) return columns
  return [
    ...columns,
    {
      key: 'change',
      title: 'Change',
      isShort: true,
      render: (permission) => (
        <Button
          kind="text"
          label={`Change ${permission.name}`}
          onPress={() => access && onPick({ permission, grant: grantOf(access, permission.name) })}
          testId={`grant-${permission.name.replace(':', '-')}`}
        >
          Change
        </Button>
      ),
    },
  ]
}
