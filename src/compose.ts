import type { Figures } from '../durable-objects/figures/index.ts'
import type { RateLimiter } from '../durable-objects/rate-limiter/index.ts'
import type { Actor, Erasures, FiguresName, Origin, ProofStanding, ServiceContext, SessionState } from './context.ts'
import { DATABASE_BINDINGS, type Env } from './env.ts'
import { findGrants } from './features/identity/index.ts'
import { type Isolate, senderOf } from './isolate.ts'
import { currentCall } from './platform/call.ts'
import { type DatabaseName, mapDatabases, type parseBookmarks } from './platform/db/bookmarks.ts'
import { MeteredD1 } from './platform/db/metered-d1.ts'
import { drizzleOver, openStore, type Store } from './platform/db/store.ts'
import { type EventEnvelope, payloadOf } from './platform/events.ts'
import { Idempotency } from './platform/idempotency/idempotency.ts'
import { newId } from './platform/ids.ts'
import { createDevMailbox } from './platform/mail/dev-mailbox.ts'
import type { Mailer } from './platform/mail/mailer.ts'
import { createSendEmailMailer } from './platform/mail/send-email-mailer.ts'
import { tellRefusals } from './platform/mail/tell-refusals.ts'
import type { FiguresPorts } from './platform/observability/figure-counter.ts'
import { LOG } from './platform/observability/log.ts'
import { Meter } from './platform/observability/meter.ts'
import { relayCommitted } from './platform/outbox/d1-outbox.ts'
import { countMessages, type RelayPorts } from './platform/outbox/relay.ts'
import type { Delivery } from './platform/queues/delivery.ts'
import { guardLimiter } from './platform/rate-limit/guard-limiter.ts'
import type { Limiter } from './platform/rate-limit/limiter.ts'
import { createObjectLimiter } from './platform/rate-limit/object-limiter.ts'
import { type Remote, remote } from './platform/remote.ts'
import { beginInstance, resumeInstance } from './platform/workflows/instances.ts'
import { primaryOf, readProof, readSession } from './read-session.ts'
import { createCatalogClient } from './services/catalog-client.ts'
import { createUsersClient } from './services/users-client.ts'
import { SUBSCRIBERS } from './subscribers.ts'

export interface CallOptions {
  actor: Actor
  origin: Origin
  meter: Meter
  defer: (work: Promise<unknown>) => void
  /** What the caller has seen; `'unreadable'` and writes read from the primary. */
  bookmarks?: ReturnType<typeof parseBookmarks>
  mayWrite: boolean
  /** What the route demands of the caller's session. @throws Refusal */
  demand?: (session: SessionState, readProof: () => Promise<ProofStanding>) => Promise<void>
  /** The message that is being handled. */
  delivery?: Delivery | undefined
}

/** Builds what a verb receives: the only place that picks adapters. */
export function createContext(isolate: Isolate, env: Env, call: CallOptions): ServiceContext {
  const { clock, log, settings } = isolate
  const { correlationId: requestId, traceparent } = currentCall()

  let pending: Promise<SessionState> | undefined
  const session = (): Promise<SessionState> => {
    const { actor, meter, defer, origin } = call
    pending ??= readSession(isolate, env, actor, { meter, defer, ip: origin.ip })
    // Whoever needs the session awaits it; a refusal that nobody awaits yet is not an unhandled rejection.
    pending.catch(() => undefined)
    return pending
  }
  let demanded: Promise<void> | undefined
  const authorized = (): Promise<void> => {
    if (call.actor.kind !== 'user') return Promise.resolve()
    demanded ??= session().then((state) => call.demand?.(state, () => readProof(isolate, env, state, call.meter)))
    demanded.catch(() => undefined)
    return demanded
  }
  const ports = relayPorts(env)
  const isHeard = (type: string): boolean => ports.routes.some(({ event }) => event.type === type)
  const store = (name: DatabaseName): Store => {
    const database = env[DATABASE_BINDINGS[name]]
    return openStore({
      database,
      constraint: constraintOf(call, name),
      meter: call.meter,
      log,
      authorized,
      delivery: call.delivery?.once.store === name ? call.delivery : undefined,
      onCommitted: (events: EventEnvelope[]) => {
        call.meter.spend('queueSends', countMessages(events, ports.routes))
        for (const { id, type, aggregateId, payload } of events) {
          log.info(LOG.businessEvent, { eventId: id, type, aggregateId, payload })
        }
        const heard = events.filter(({ type }) => isHeard(type))
        if (heard.length === 0) return
        const aside = drizzleOver(new MeteredD1(database, call.meter.aside(), log))
        call.defer(
          relayCommitted(aside, heard, ports, clock).catch((error: unknown) =>
            log.warn('Relay Failed', { error, events: events.map(({ id }) => id) }),
          ),
        )
      },
    })
  }
  const stores = mapDatabases(store)
  const defer: CallOptions['defer'] = (work) =>
    call.defer(work.catch((error: unknown) => log.warn('Deferred Work Failed', { error })))
  const idempotency = new Idempotency(clock)
  const actorId = call.actor.kind === 'user' ? call.actor.userId : null
  const apiKeyId = call.actor.kind === 'user' ? call.actor.apiKeyId : undefined

  return {
    actor: call.actor,
    origin: call.origin,
    requestId,
    settings,
    clock,
    newId,
    log,
    meter: call.meter,
    ...stores,
    get trails() {
      return Object.values(stores).map(({ db }) => db)
    },
    catalogService: createCatalogClient(call.meter),
    usersService: createUsersClient(call.meter),
    cache: isolate.cache.open({ log, meter: call.meter, defer }),
    queues: ports.queues,
    routes: ports.routes,
    room: (objectName) => remote(env.CHAT_ROOM.getByName(objectName), call.meter, authorized),
    figures: (name) => figuresObject(env, name, call.meter, authorized),
    userSessions: (userId) => remote(env.USER_SESSIONS.getByName(userId), call.meter, authorized),
    userSocket: (userId) => remote(env.USER_SOCKET.getByName(userId), call.meter, authorized),
    accessTokens: isolate.accessTokens,
    refreshTokens: isolate.refreshTokens,
    socketTickets: isolate.socketTickets,
    passingTokens: isolate.passingTokens,
    sealedBox: isolate.sealedBox,
    mailer: tellRefusals(createMailer(isolate, env, call.meter), log),
    passwords: isolate.passwords,
    providers: isolate.providers,
    sessions: isolate.sessions,
    erasures: openErasures(env),
    session,
    authorized,
    resources: isolate.resources,
    flags: isolate.flags,
    grantsOn: async (resource, resourceId) => {
      if (call.actor.kind !== 'user') return []
      return findGrants(primaryOf(isolate, env, call.meter), call.actor.userId, resource, resourceId)
    },
    idempotency,
    event: (type, { payload, ...fact }) => ({
      event: {
        id: newId(),
        type: type.type,
        version: type.version,
        aggregateType: type.aggregateType,
        ...fact,
        occurredAt: clock(),
        correlationId: requestId,
        traceparent,
        payload: payloadOf(type, payload),
      },
      // What nobody hears has been told to all, and costs no second trip.
      ...(isHeard(type.type) ? {} : { sentAt: clock() }),
      ...(type.isPersonal ? { isPersonal: true } : {}),
    }),
    audit: (action, fact) => ({
      audit: {
        id: newId(),
        action,
        actorId: fact.actorId ?? actorId,
        targetType: fact.targetType,
        targetId: fact.targetId,
        reason: fact.reason ?? null,
        ip: call.origin.ip,
        userAgent: call.origin.userAgent,
        correlationId: requestId,
        // Whose act it was is one thing, and by which program another.
        details: apiKeyId === undefined ? (fact.details ?? null) : { apiKeyId, ...Object(fact.details) },
        at: clock(),
      },
    }),
    defer,
  }
}

/** An instance is named for its user, so there is one each. */
export function openErasures({ ERASE_ACCOUNT: workflow }: Env): Erasures {
  const params = (userId: string) => ({ userId, call: currentCall() })
  return {
    begin: (userId) => beginInstance(workflow, userId, params(userId)),
    resume: (userId) => resumeInstance(workflow, userId, params(userId)),
  }
}

/** A context for work that nobody asked for over HTTP: a message, a cron. */
export function createSystemContext(
  isolate: Isolate,
  env: Env,
  name: string,
  defer: CallOptions['defer'],
  delivery?: Delivery,
): ServiceContext {
  return createContext(isolate, env, {
    delivery,
    actor: { kind: 'system', name },
    origin: { ip: null, userAgent: null, place: null },
    meter: new Meter(isolate.figures.spent),
    defer,
    mayWrite: true,
  })
}

/** The limiter of this call's exact limits: Upstash where it is configured, else an object a subject. */
export function createLimiter(isolate: Isolate, env: Env, meter: Meter): Limiter {
  const { settings, upstash } = isolate
  // Nobody is known yet when limits are asked, so this call waits for no session.
  const objects = createObjectLimiter((subject) =>
    remote<RateLimiter>(env.RATE_LIMITER.getByName(subject), meter, () => Promise.resolve()),
  )
  return guardLimiter(upstash ?? objects, settings.RATE_LIMIT_TIMEOUT_MS)
}

/** How mail goes out: as the settings say, into the mailbox where they say nothing. */
function createMailer({ settings, resend, log, clock }: Isolate, env: Env, meter: Meter): Mailer {
  if (settings.MAIL_ADAPTER === 'send-email' && env.EMAIL) return createSendEmailMailer(env.EMAIL, senderOf(settings))
  return resend ?? createDevMailbox(drizzleOver(new MeteredD1(env.DB, meter, log)), clock)
}

/** Has the isolate tell what it has counted, where that is due: after the answer, and on no request's account. */
export function tellFigures(isolate: Isolate, env: Env, defer: CallOptions['defer']): void {
  if (isolate.figures.isDue()) defer(isolate.figures.tell(figuresPorts(env)))
}

/** On an account of their own: what it costs to tell is no part of what is told of a request. */
export function figuresPorts(env: Env): FiguresPorts {
  return {
    add: (shard, flush) => figuresObject(env, `counts:${shard}`, new Meter()).add(flush),
    tellSockets: (shard, sockets) => figuresObject(env, `sockets:${shard}`, new Meter()).tellSockets(sockets),
  }
}

function figuresObject(env: Env, name: FiguresName, meter: Meter, ready = () => Promise.resolve()): Remote<Figures> {
  return remote<Figures>(env.FIGURES.getByName(name), meter, ready)
}

export function relayPorts(env: Env): RelayPorts {
  return {
    queues: { critical: env.CRITICAL_QUEUE, normal: env.NORMAL_QUEUE, bulk: env.BULK_QUEUE },
    routes: SUBSCRIBERS,
  }
}

function constraintOf({ bookmarks, mayWrite }: CallOptions, name: DatabaseName): D1SessionBookmark {
  // Who may write decides by what they read: a replica, however fresh, could bring back what was revoked.
  if (mayWrite || bookmarks === 'unreadable') return 'first-primary'
  return bookmarks?.get(name) ?? 'first-unconstrained'
}
