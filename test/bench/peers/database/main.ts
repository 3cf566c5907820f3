import { randomBytes, scryptSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { PeerWorld } from './world.ts'

/** The tables of a peer, with an index for every question that it is asked. */
const SCHEMA = `
  create table categories (id text primary key, name text not null, slug text not null unique);
  create table products (
    id text not null unique, owner_id text not null, category_id text references categories (id),
    name text not null, name_key text not null, slug text not null unique, sku text not null unique,
    description text not null default '', brand text, price integer not null, compare_at_price integer,
    currency text not null, stock integer not null default 0, weight_grams integer,
    attributes text not null default '{}', images text not null default '[]', tags text not null default '[]',
    state text not null, rating integer, rating_count integer not null default 0, rating_sum integer not null default 0,
    created_at integer not null, updated_at integer not null, published_at integer);
  create index products_by_category_and_price on products (state, category_id, price, id);
  create table product_variants (
    id text primary key, product_id text not null references products (id), sku text not null, attributes text not null,
    price integer, position integer not null);
  create index product_variants_by_product on product_variants (product_id, position);
  create virtual table product_words using fts5 (name, description, content='products', tokenize='porter');
  create table users (id text primary key, email text not null unique, password_hash text not null,
    first_name text not null, last_name text not null, created_at integer not null);
  create table sessions (id text primary key, user_id text not null references users (id), refresh_token text not null,
    created_at integer not null);
  create index sessions_by_user on sessions (user_id);
`

const { file, rows, people, password, categories }: PeerWorld = JSON.parse(readFileSync(0, 'utf8'))
const database = new Database(file)
database.pragma('journal_mode = WAL')
database.exec(SCHEMA)
const category = database.prepare('insert into categories (id, name, slug) values (?, ?, ?)')
for (const [id, slug] of categories) category.run(id, slug, slug)
for (const { sql, values } of rows) {
  database.prepare(sql).run(Object.fromEntries(values.map((value, index) => [index + 1, value])))
}
const user = database.prepare('insert into users values (?, ?, ?, ?, ?, ?)')
const hash = hashOf(password)
for (const { id, email } of people) user.run(id, email, hash, 'Bench', 'Person', Date.now())
database.exec("insert into product_words (product_words) values ('rebuild')")
database.close()

/** As the peer stores it. */
function hashOf(password: string): string {
  const salt = randomBytes(16)
  const hash = scryptSync(password, salt, 32, { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 26 })
  return `${salt.toString('hex')}:${hash.toString('hex')}`
}
