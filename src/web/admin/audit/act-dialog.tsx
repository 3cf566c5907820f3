import type { AuditEntry } from '../../../client/index.ts'
import { Dialog } from '../../components/dialog.tsx'
import { ADDRESSES, followInside, hrefOf } from '../../route.ts'
import { Facts, JsonBlock } from '../facts.tsx'
import { actionName, formatMoment, reasonOf } from '../formats.ts'
import { Target, Who } from './act-people.tsx'

/** All that is known of one act. */
export function ActDialog({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const { actorId, targetId, targetType, ip, correlationId } = entry
  const link = (text: string, query: Record<string, string>) => (
    <a
      class="inline-link"
      href={hrefOf(ADDRESSES.adminAudit, query)}
      onClick={(event) => {
        if (followInside(event)) onClose()
      }}
    >
      {text}
    </a>
  )
  return (
    <Dialog title={actionName(entry.action)} size="l" onClose={onClose} testId="act-dialog">
      <Facts
        facts={[
          ['When', formatMoment(entry.at)],
          ['Who', <Who key="who" entry={entry} />],
          ['On what', <Target key="target" entry={entry} />],
          ['Reason', reasonOf(entry)],
          ['Address', entry.ip],
          ['Program', entry.userAgent],
          ['Request', <code key="request">{entry.correlationId}</code>],
          [
            targetType.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase()),
            <code key="id">{targetId}</code>,
          ],
        ]}
      />
      {entry.details !== null && <JsonBlock label="What was noted" value={entry.details} />}
      <p class="disclosure-links">
        {actorId && link('All by the same person', { actor: actorId })}
        {link('All on the same target', { target: targetId })}
        {ip && link('All from the same address', { ip })}
        {link('All of the same request', { request: correlationId })}
      </p>
    </Dialog>
  )
}
