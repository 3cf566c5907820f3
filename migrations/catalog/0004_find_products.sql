-- What each product is found by, made from its row. Decision 40 says why there are three indexes.
-- `facets`: a word for each value that a filter may ask for, as hex, so that no value can be mistaken for another one.
-- `digits`: the price in digits of base 4, once at each length from the whole of it to one digit: a range of prices is
-- the few beginnings that it consists of (`range-terms.ts`). What is 2^30 and dearer counts as that.
-- `marks`: the same as `facets` for an index of three characters each, which holds values as they are between brackets.
CREATE VIEW product_terms AS SELECT
  seq,
  name,
  description,
  sku,
  's' || state || ' i' || (stock > 0) ||
    coalesce(' c' || lower(hex(category_id)), '') ||
    coalesce(' b' || lower(hex(brand)), '') ||
    coalesce((SELECT group_concat(' t' || lower(hex(value)), '') FROM json_each(products.tags)), '') AS facets,
  printf('p%xz%x', 0, min(price, 1073741823) >> 0) || ' ' ||
    printf('p%xz%x', 1, min(price, 1073741823) >> 2) || ' ' ||
    printf('p%xz%x', 2, min(price, 1073741823) >> 4) || ' ' ||
    printf('p%xz%x', 3, min(price, 1073741823) >> 6) || ' ' ||
    printf('p%xz%x', 4, min(price, 1073741823) >> 8) || ' ' ||
    printf('p%xz%x', 5, min(price, 1073741823) >> 10) || ' ' ||
    printf('p%xz%x', 6, min(price, 1073741823) >> 12) || ' ' ||
    printf('p%xz%x', 7, min(price, 1073741823) >> 14) || ' ' ||
    printf('p%xz%x', 8, min(price, 1073741823) >> 16) || ' ' ||
    printf('p%xz%x', 9, min(price, 1073741823) >> 18) || ' ' ||
    printf('p%xz%x', 10, min(price, 1073741823) >> 20) || ' ' ||
    printf('p%xz%x', 11, min(price, 1073741823) >> 22) || ' ' ||
    printf('p%xz%x', 12, min(price, 1073741823) >> 24) || ' ' ||
    printf('p%xz%x', 13, min(price, 1073741823) >> 26) || ' ' ||
    printf('p%xz%x', 14, min(price, 1073741823) >> 28) AS digits,
  '⟦s' || substr(state, 1, 1) || '⟦i' || (stock > 0) ||
    coalesce('⟦c' || substr(category_id, -12) || '⟧', '') ||
    coalesce('⟦b' || brand || '⟧', '') ||
    coalesce((SELECT group_concat('⟦t' || value || '⟧', '') FROM json_each(products.tags)), '') AS marks
FROM products;
--> statement-breakpoint
-- What an index reads itself may use no virtual table, so tags stand here as they are stored.
CREATE VIEW product_texts AS SELECT
  seq,
  name,
  description,
  tags,
  's' || state || ' i' || (stock > 0) ||
    coalesce(' c' || lower(hex(category_id)), '') ||
    coalesce(' b' || lower(hex(brand)), '') AS facets
FROM products;
--> statement-breakpoint
-- Lists by filters: each word's products in the order of their making, and nothing else.
CREATE VIRTUAL TABLE product_facets USING fts5(
  tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
--> statement-breakpoint
-- Texts that contain something.
CREATE VIRTUAL TABLE product_parts USING fts5(
  name, description, sku, marks, content = '', contentless_delete = 1, tokenize = 'trigram'
);
--> statement-breakpoint
-- Natural language. The texts stay in the products, from where the excerpts are cut.
CREATE VIRTUAL TABLE product_words USING fts5(
  name, description, tags, facets, content = 'product_texts', content_rowid = 'seq',
  tokenize = 'porter unicode61 remove_diacritics 2', prefix = '1 2 3'
);
--> statement-breakpoint
INSERT INTO product_facets (rowid, tokens) SELECT seq, facets || ' ' || digits FROM product_terms;
--> statement-breakpoint
INSERT INTO product_parts (rowid, name, description, sku, marks) SELECT seq, name, description, sku, marks FROM product_terms;
--> statement-breakpoint
INSERT INTO product_words (product_words) VALUES ('rebuild');
--> statement-breakpoint
CREATE TRIGGER products_found AFTER INSERT ON products
BEGIN
  INSERT INTO product_facets (rowid, tokens)
    SELECT seq, facets || ' ' || digits FROM product_terms WHERE seq = new.seq;
  INSERT INTO product_parts (rowid, name, description, sku, marks)
    SELECT seq, name, description, sku, marks FROM product_terms WHERE seq = new.seq;
  INSERT INTO product_words (rowid, name, description, tags, facets)
    SELECT seq, name, description, tags, facets FROM product_texts WHERE seq = new.seq;
END;
--> statement-breakpoint
-- `product_words` keeps no text: what it is to forget must be told while the row still has it.
CREATE TRIGGER products_unfound BEFORE DELETE ON products
BEGIN
  DELETE FROM product_facets WHERE rowid = old.seq;
  DELETE FROM product_parts WHERE rowid = old.seq;
  INSERT INTO product_words (product_words, rowid, name, description, tags, facets)
    SELECT 'delete', seq, name, description, tags, facets FROM product_texts WHERE seq = old.seq;
END;
--> statement-breakpoint
CREATE TRIGGER products_facets_changed AFTER UPDATE OF state, category_id, brand, tags, price, stock ON products
WHEN old.state IS NOT new.state OR old.category_id IS NOT new.category_id OR old.brand IS NOT new.brand OR old.tags IS NOT new.tags OR old.price IS NOT new.price
  OR (old.stock > 0) <> (new.stock > 0)
BEGIN
  DELETE FROM product_facets WHERE rowid = old.seq;
  INSERT INTO product_facets (rowid, tokens)
    SELECT seq, facets || ' ' || digits FROM product_terms WHERE seq = new.seq;
END;
--> statement-breakpoint
CREATE TRIGGER products_parts_changed AFTER UPDATE OF name, description, sku, state, category_id, brand, tags, stock ON products
WHEN old.name IS NOT new.name OR old.description IS NOT new.description OR old.sku IS NOT new.sku OR old.state IS NOT new.state OR old.category_id IS NOT new.category_id OR old.brand IS NOT new.brand OR old.tags IS NOT new.tags
  OR (old.stock > 0) <> (new.stock > 0)
BEGIN
  DELETE FROM product_parts WHERE rowid = old.seq;
  INSERT INTO product_parts (rowid, name, description, sku, marks)
    SELECT seq, name, description, sku, marks FROM product_terms WHERE seq = new.seq;
END;
--> statement-breakpoint
CREATE TRIGGER products_words_change BEFORE UPDATE OF name, description, state, category_id, brand, tags, stock ON products
WHEN old.name IS NOT new.name OR old.description IS NOT new.description OR old.state IS NOT new.state OR old.category_id IS NOT new.category_id OR old.brand IS NOT new.brand OR old.tags IS NOT new.tags
  OR (old.stock > 0) <> (new.stock > 0)
BEGIN
  INSERT INTO product_words (product_words, rowid, name, description, tags, facets)
    SELECT 'delete', seq, name, description, tags, facets FROM product_texts WHERE seq = old.seq;
END;
--> statement-breakpoint
CREATE TRIGGER products_words_changed AFTER UPDATE OF name, description, state, category_id, brand, tags, stock ON products
WHEN old.name IS NOT new.name OR old.description IS NOT new.description OR old.state IS NOT new.state OR old.category_id IS NOT new.category_id OR old.brand IS NOT new.brand OR old.tags IS NOT new.tags
  OR (old.stock > 0) <> (new.stock > 0)
BEGIN
  INSERT INTO product_words (rowid, name, description, tags, facets)
    SELECT seq, name, description, tags, facets FROM product_texts WHERE seq = new.seq;
END;
