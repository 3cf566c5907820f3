import type { AuditEntry } from '../../../client/index.ts'
import { ADDRESSES, catalogHref, followInside, hrefOf } from '../../route.ts'
import { useWorkspace } from '../../workspace.ts'
import { mayOpenPart } from '../staff.ts'
import { userHref } from '../users/user-href.ts'

export function Who({ entry: { actorId, actorUsername } }: { entry: AuditEntry }) {
  if (actorId === null) return <>The system</>
  return <PersonLink id={actorId} username={actorUsername} />
}

export function Target({ entry: { targetType, targetId, targetUsername, actorId } }: { entry: AuditEntry }) {
  if (targetType === 'user' && targetId === actorId) return <>Their own account</>
  if (targetType === 'user') return <PersonLink id={targetId} username={targetUsername} />
  if (targetType === 'route') return <code>{targetId}</code>
  if (targetType === 'dead_letter') {
    return (
      <a class="inline-link" href={hrefOf(ADDRESSES.adminDeadLetters, { letter: targetId })} onClick={followInside}>
        A dead letter
      </a>
    )
  }
  if (targetType === 'product') {
    return (
      <a class="inline-link" href={catalogHref(targetId)} onClick={followInside}>
        A product
      </a>
    )
  }
  return <>{targetType.replaceAll('_', ' ')}</>
}

function PersonLink({ id, username }: { id: string; username: string | null }) {
  const { user: me } = useWorkspace()
  const name = username ? `@${username}` : id
  if (!mayOpenPart(me, 'users')) return <>{name}</>
  return (
    <a class="inline-link" href={userHref(id)} onClick={followInside}>
      {name}
    </a>
  )
}
