import { useState } from 'preact/hooks'
import type { RoomPreview } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Notice } from '../../components/notice.tsx'
import { PageFrame } from '../../components/page-frame.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { useLoad } from '../../components/use-load.ts'
import { HOME, navigate, roomHref, route } from '../../route.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { FormProblem } from './form-problem.tsx'
import { doorOf } from './join-words.ts'
import { countOf } from './search-results.tsx'
import { useJoin } from './use-join.ts'

/** Where the link of an invitation leads: what the room is, and the way in. Who is signed out signs in first. */
export function JoinPage() {
  const { room: roomId, code } = useStore(route).query
  return (
    <PageFrame title="Join a group">
      <div class="join">
        {roomId ? (
          <Door key={`${roomId} ${code}`} roomId={roomId} code={code} />
        ) : (
          <Notice title="This link is not whole" isAlert level={2} testId="join-incomplete">
            <p>Some of it was lost on the way. Ask for it again, or copy all of it.</p>
            <ToStart />
          </Notice>
        )}
      </div>
    </PageFrame>
  )
}

function Door({ roomId, code }: { roomId: string; code: string | undefined }) {
  const { client } = useWorkspace()
  const { status, data, problem, reload } = useLoad(
    (signal) => client.rooms.preview(roomId, code, { signal }),
    [roomId, code],
  )
  if (data) return <Welcome room={data} code={code} />
  if (status === 'failed') {
    const door = doorOf(problem, code !== undefined)
    if (!door) return <ErrorState problem={problem} onRetry={reload} />
    return (
      <Notice title={door.title} isAlert level={2} testId={`join-${door.kind}`}>
        <p>{door.text}</p>
        <ToStart />
      </Notice>
    )
  }
  return <SkeletonRows count={2} label="Looking at the invitation" />
}

function Welcome({ room, code }: { room: RoomPreview; code: string | undefined }) {
  const [problem, setProblem] = useState<string | null>(null)
  const join = useJoin(setProblem)
  return (
    <section class="join-card" aria-labelledby="join-name" data-testid="join-card">
      <Avatar id={room.id} name={room.name} />
      <p class="join-about">{room.isMember ? 'You are a member of' : 'You are invited to'}</p>
      <h2 id="join-name">{room.name}</h2>
      <p class="join-about">
        {countOf(room.memberCount)} · {room.joinPolicy === 'open' ? 'Open to everybody' : 'By invitation'}
      </p>
      {room.topic && <p class="join-topic">{room.topic}</p>}
      <FormProblem text={problem} />
      {room.isMember ? (
        <Button kind="primary" onPress={() => navigate(roomHref(room.id))} testId="join-open">
          Open the conversation
        </Button>
      ) : (
        <>
          <Button kind="primary" isBusy={join.isBusy} onPress={() => void join.run(room.id, code)} testId="join-yes">
            {join.isBusy ? 'Joining' : 'Join'}
          </Button>
          <Button kind="text" onPress={() => navigate(HOME)}>
            Not now
          </Button>
        </>
      )}
    </section>
  )
}

function ToStart() {
  return <Button onPress={() => navigate(HOME)}>To your conversations</Button>
}
