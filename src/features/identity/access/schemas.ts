import * as z from 'zod'
import { Id } from '../../../platform/id-schema.ts'
import { lineOfText } from '../../../platform/text.ts'
import { PERMISSIONS, ROLES } from '../domain/access.ts'

/** Why: kept in the audit trail. */
const Reason = lineOfText({ min: 3, max: 500 })

/** Nobody changes what they may themselves. */
export const OtherUserId = z.object({ id: Id.meta({ 'x-rule': 'Somebody else' }) })
export const OtherUserRole = OtherUserId.extend({ role: z.enum(ROLES) })

export const RoleBody = z.strictObject({ role: z.enum(ROLES), reason: Reason.optional() }).meta({ id: 'RoleBody' })
export const ReasonBody = z.strictObject({ reason: Reason.optional() }).meta({ id: 'ReasonBody' })
/** What somebody is told of, and may ask about. */
export const StatedBody = z.strictObject({ reason: Reason }).meta({ id: 'StatedBody' })
export const RoleQuery = z.object({ role: z.enum(ROLES).optional() })

/** What one person is shown of another who looks after things with them: no address, nothing of how they sign in. */
export const Member = z
  .object({
    id: z.uuid(),
    username: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    avatar: z.string().nullable(),
    /** The highest of their roles. */
    role: z.enum(ROLES),
    roles: z.array(z.enum(ROLES)),
    isActive: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Member' })
export type Member = z.output<typeof Member>

export const OwnRole = z.object({ role: z.enum(ROLES) }).meta({ id: 'OwnRole' })

export const UserState = z.object({ id: z.uuid(), isActive: z.boolean() }).meta({ id: 'UserState' })
export type UserState = z.output<typeof UserState>

export const PermissionInfo = z
  .object({
    id: z.uuid(),
    /** `action:resource` */
    name: z.enum(PERMISSIONS),
    description: z.string(),
    resource: z.string(),
    action: z.string(),
    /** The roles that give it. */
    roles: z.array(z.enum(ROLES)),
  })
  .meta({ id: 'PermissionInfo' })
export type PermissionInfo = z.output<typeof PermissionInfo>

export const RoleInfo = z
  .object({
    id: z.uuid(),
    name: z.enum(ROLES),
    description: z.string(),
    /** Higher may what lower may, where a route asks for a level. */
    level: z.int(),
    permissions: z.array(z.enum(PERMISSIONS)),
  })
  .meta({ id: 'RoleInfo' })
export type RoleInfo = z.output<typeof RoleInfo>

const Effect = z.enum(['allow', 'deny'])

export const GrantBody = z
  .strictObject({
    userId: Id,
    permissionId: Id,
    /** A denial wins over every other grant. */
    effect: Effect.default('allow'),
    reason: Reason.optional(),
  })
  .meta({ id: 'GrantBody' })
export type GrantBody = z.output<typeof GrantBody>

export const RevokeBody = GrantBody.omit({ effect: true }).meta({ id: 'RevokeBody' })
export type RevokeBody = z.output<typeof RevokeBody>

/** All that somebody may, and from where it comes. */
export const UserAccess = z
  .object({
    userId: z.uuid(),
    roles: z.array(z.enum(ROLES)),
    /** What they may, all things taken together. */
    permissions: z.array(z.enum(PERMISSIONS)),
    /** What they were granted or denied besides their roles. */
    direct: z.array(
      z.object({
        permissionId: z.uuid(),
        name: z.enum(PERMISSIONS),
        effect: Effect,
        grantedBy: z.string(),
        createdAt: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'UserAccess' })
export type UserAccess = z.output<typeof UserAccess>

export const AccessOf = z.object({ userId: Id })

const Name = z.string().regex(/^[a-z][a-z-]{0,39}$/, 'Use lower-case letters and hyphens')
const ThingId = z.string().regex(/^[\w-]{1,64}$/, 'Use an id')

/** One user may do one thing with one thing. */
export const ThingGrantBody = z
  .strictObject({ userId: Id, resource: Name, resourceId: ThingId, action: Name, reason: Reason.optional() })
  .meta({ id: 'ThingGrantBody' })
export type ThingGrantBody = z.output<typeof ThingGrantBody>

export const ThingGrant = z
  .object({
    userId: z.uuid(),
    resource: z.string(),
    resourceId: z.string(),
    /** What people call the thing: of a user the username. Null where it has no name, or is no more. */
    name: z.string().nullable(),
    action: z.string(),
    grantedBy: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'ThingGrant' })
export type ThingGrant = z.output<typeof ThingGrant>

/** A type of things that can be granted one by one, and what can be done with one. */
export const ResourceInfo = z
  .object({ resource: z.string(), title: z.string(), actions: z.array(z.string()) })
  .meta({ id: 'ResourceInfo' })
export type ResourceInfo = z.output<typeof ResourceInfo>

/** Whether it is granted now. */
export const ThingGrantState = ThingGrant.pick({ userId: true, resource: true, resourceId: true, action: true })
  .extend({ isGranted: z.boolean() })
  .meta({ id: 'ThingGrantState' })
export type ThingGrantState = z.output<typeof ThingGrantState>
