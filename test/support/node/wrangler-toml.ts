import { readFileSync } from 'node:fs'
import { parse } from 'smol-toml'
import * as z from 'zod'

const Binding = z.object({ binding: z.string() })

/** What tests read of wrangler.toml. */
const WranglerToml = z.looseObject({
  vars: z.record(z.string(), z.string()),
  assets: Binding,
  d1_databases: z.array(Binding.extend({ migrations_dir: z.string() })),
  kv_namespaces: z.array(Binding),
  durable_objects: z.object({ bindings: z.array(z.object({ name: z.string(), class_name: z.string() })) }),
  workflows: z.array(Binding),
  ratelimits: z.array(
    z.object({
      name: z.string(),
      namespace_id: z.string(),
      simple: z.object({ limit: z.int(), period: z.literal([10, 60]) }),
    }),
  ),
  queues: z.object({
    producers: z.array(Binding.extend({ queue: z.string() })),
    consumers: z.array(
      z.object({
        queue: z.string(),
        max_batch_size: z.int(),
        max_batch_timeout: z.int(),
        max_retries: z.int(),
        dead_letter_queue: z.string().optional(),
      }),
    ),
  }),
})
export type WranglerToml = z.output<typeof WranglerToml>

export function readWranglerToml(): WranglerToml {
  return WranglerToml.parse(parse(readFileSync('wrangler.toml', 'utf8')))
}
