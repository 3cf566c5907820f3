import * as z from 'zod'
import type { Json } from './schema.ts'

const ID = '01944d5c-3f00-7a4e-8b7e-2d9a6c1f0e11'

/**
 * An example for each field that is called so, wherever it stands and in whatever is derived from that: fields speak one
 * language in all features. What means something of its own says so by `.meta({ examples })` or `.meta({ description })`.
 */
const EXAMPLES: Record<string, readonly unknown[]> = {
  action: ['update'],
  address: ['12 Mill Lane, Halifax'],
  alt: ['The lamp, lit, on a desk'],
  attributes: [{ colour: 'brass' }],
  avatar: ['https://images.example/ada.webp'],
  backupCode: ['ABCD-EFGH-JKLM-NPQR', 'ABCDE-FGHJK', 'A1B2C3D4'],
  bio: ['Weaves by day, writes by night.'],
  brand: ['Northlight'],
  categoryId: [ID],
  categoryPreferences: [{ new_message: { push: false } }],
  clientMessageId: ['b7a1c8e2-51c4-4a35-9d0b-0f6f3c0a7d42'],
  comment: [{ push: false }],
  compareAtPrice: [5900],
  content: ['Shall we meet at noon?'],
  days: [30],
  description: ['A lamp of brass with a shade of linen.'],
  email: ['ada@example.org', true],
  emailDigest: [true],
  emailEnabled: [true],
  expiresInDays: [90],
  expiresInHours: [24],
  firstName: ['Ada'],
  id: [ID],
  images: [[{ url: 'https://images.example/lamp.webp', alt: 'The lamp, lit, on a desk' }]],
  inAppEnabled: [true],
  invite: ['hx7Qm2Rt9LwZ4vKc1sYd'],
  isActive: [true],
  isTyping: [true],
  lastName: ['Lovelace'],
  maxUses: [10],
  memberIds: [[ID]],
  mfaCode: ['492039'],
  minutes: [60],
  name: ['Brass lamp'],
  new_follower: [{ push: false }],
  new_message: [{ push: false }],
  newEmail: ['ada@example.net'],
  newPassword: ['Warp-and-weft-7'],
  note: ['This is an advertisement.'],
  parentId: [ID],
  password: ['Warp-and-weft-7'],
  percent: [-10],
  permissionId: [ID],
  phone: ['+441422000000'],
  phoneNumber: ['+441422000000'],
  position: [3],
  post_liked: [{ push: false }],
  price: [4900],
  push: [true],
  pushEnabled: [true],
  rating: [4],
  reason: ['Asked for by the owner'],
  replyTo: [ID],
  resource: ['room'],
  resourceId: [ID],
  seq: [42],
  sku: ['LAMP-BRASS'],
  slowModeSeconds: [10],
  slug: ['brass-lamp'],
  stock: [25],
  system: [{ push: false }],
  tags: [['lighting', 'brass']],
  text: ['Bright enough to read by.'],
  topic: ['What happens this week'],
  url: ['https://images.example/lamp.webp'],
  userId: [ID],
  userIds: [[ID]],
  username: ['ada'],
  variants: [[]],
  weightGrams: [1200],
}

/** Where a printed object keeps the examples of its fields, until all of it is printed. */
const KEPT = 'x-field-examples'

/**
 * Finds an example for each property of a printed object that has nothing of its own, if the schema allows it. They are
 * kept beside the properties: while zod prints, two fields of one schema may be one object.
 */
export function findExamples(node: Json, schema: z.core.$ZodType): void {
  if (!(schema instanceof z.ZodObject)) return
  const found = Object.entries((node.properties ?? {}) as Record<string, Json>).flatMap(([name, property]) => {
    const field: z.core.$ZodType | undefined = schema.shape[name]
    if (!field || speaksForItself(property)) return []
    const example = EXAMPLES[name]?.find((one) => z.safeParse(field, one).success)
    return example === undefined ? [] : [[name, example]]
  })
  if (found.length > 0) node[KEPT] = Object.fromEntries(found)
}

/** Gives the fields of all that was printed the examples that were found for them. */
export function placeExamples(printed: unknown): unknown {
  if (Array.isArray(printed)) return printed.map(placeExamples)
  if (typeof printed !== 'object' || printed === null) return printed
  const { [KEPT]: examples, ...node } = printed as Json
  const inner = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, placeExamples(value)]))
  if (examples === undefined) return inner
  const properties = { ...(inner.properties as Record<string, Json>) }
  for (const [name, example] of Object.entries(examples as Json)) {
    const property = properties[name]
    if (property && !('examples' in property)) properties[name] = { ...property, examples: [example] }
  }
  return { ...inner, properties }
}

function speaksForItself(property: Json): boolean {
  return ['$ref', 'examples', 'description', 'x-rule', 'const', 'enum'].some((keyword) => keyword in property)
}
