-- Values of filters that indexes match by their text are found in their own case and spelling alone. Trigrams and stems
-- know no cases, so a value that no product has, but many have in other letters, matched all of those: whoever asked
-- for it had all of their rows compared, for nothing.
-- `marks`: the value as it is, by which it is found quickly, and the same as hex, by which it is the right one. Only a
-- mark begins with its bracket.
DROP VIEW product_terms;
--> statement-breakpoint
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
    coalesce('⟦b' || replace(brand, '⟦', '') || '⟦' || lower(hex(brand)) || '⟧', '') ||
    coalesce((SELECT group_concat('⟦t' || replace(value, '⟦', '') || '⟦' || lower(hex(value)) || '⟧', '') FROM json_each(products.tags)), '') AS marks
FROM products;
--> statement-breakpoint
-- What an index reads itself may use no virtual table: tags are taken one by one, of which there are at most twenty.
DROP VIEW product_texts;
--> statement-breakpoint
CREATE VIEW product_texts AS SELECT
  seq,
  name,
  description,
  tags,
  's' || state || ' i' || (stock > 0) ||
    coalesce(' c' || lower(hex(category_id)), '') ||
    coalesce(' b' || lower(hex(brand)), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[0]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[1]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[2]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[3]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[4]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[5]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[6]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[7]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[8]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[9]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[10]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[11]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[12]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[13]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[14]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[15]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[16]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[17]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[18]'))), '') ||
    coalesce(' t' || lower(hex(json_extract(tags, '$[19]'))), '') AS facets
FROM products;
--> statement-breakpoint
INSERT INTO product_parts (product_parts) VALUES ('delete-all');
--> statement-breakpoint
INSERT INTO product_parts (rowid, name, description, sku, marks) SELECT seq, name, description, sku, marks FROM product_terms;
--> statement-breakpoint
INSERT INTO product_words (product_words) VALUES ('rebuild');
--> statement-breakpoint
-- Names are sorted without their accents, as people's names are (`searchKey`). This folds Latin letters, and takes away
-- accents that are characters of their own; any other name has its key anew with its next change.
UPDATE products SET name_key = (
  WITH RECURSIVE
    letters (accented, plain) AS (SELECT
      'àáâãäåçèéêëìíîïñòóôõöùúûüýÿāăąćĉċčďēĕėęěĝğġģĥĩīĭįĵķĺļľńņňōŏőŕŗřśŝşšţťũūŭůűųŵŷźżžſơưǎǐǒǔǖǘǚǜǟǡǧǩǫǭǰǵǹǻȁȃȅȇȉȋȍȏȑȓȕȗșțȟȧȩȫȭȯȱȳḁḃḅḇḉḋḍḏḑḓḕḗḙḛḝḟḡḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹṻṽṿẁẃẅẇẉẋẍẏẑẓẕẖẗẘẙẛạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ' || (
        WITH RECURSIVE marks (code) AS (SELECT 768 UNION ALL SELECT code + 1 FROM marks WHERE code < 879)
        SELECT group_concat(char(code), '') FROM marks
      ),
      'aaaaaaceeeeiiiinooooouuuuyyaaaccccdeeeeegggghiiiijklllnnnooorrrssssttuuuuuuwyzzzsouaiouuuuuaagkoojgnaaaeeiioorruusthaeooooyabbbcdddddeeeeefghhhhhiikkkllllmmmnnnnoooopprrrrsssssttttuuuuuvvwwwwwxxyzzzhtwysaaaaaaaaaaaaeeeeeeeeiioooooooooooouuuuuuuyyyy'
    ),
    folded (i, name) AS (
      SELECT 1, products.name_key
      UNION ALL
      SELECT i + 1, replace(name, substr(accented, i, 1), substr(plain, i, 1)) FROM folded, letters WHERE i <= length(accented)
    )
  SELECT name FROM folded ORDER BY i DESC LIMIT 1
) WHERE name_key GLOB '*[^ -~]*';
