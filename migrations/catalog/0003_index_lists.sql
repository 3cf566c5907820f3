CREATE INDEX `products_by_time` ON `products` (`created_at`);--> statement-breakpoint
CREATE INDEX `products_by_state` ON `products` (`state`);--> statement-breakpoint
CREATE INDEX `products_by_price` ON `products` (`state`,`price`,`id`);--> statement-breakpoint
CREATE INDEX `products_by_name` ON `products` (`state`,`name_key`,`id`);--> statement-breakpoint
CREATE INDEX `products_by_stock` ON `products` (`state`,`stock`,`id`);--> statement-breakpoint
CREATE INDEX `products_by_rating` ON `products` (`state`,`rating`,`id`);--> statement-breakpoint
CREATE INDEX `products_by_category` ON `products` (`category_id`,`state`);--> statement-breakpoint
CREATE INDEX `products_by_category_and_price` ON `products` (`category_id`,`state`,`price`,`id`);--> statement-breakpoint
CREATE INDEX `products_by_category_and_name` ON `products` (`category_id`,`state`,`name_key`,`id`);--> statement-breakpoint
CREATE INDEX `products_by_category_and_rating` ON `products` (`category_id`,`state`,`rating`,`id`);--> statement-breakpoint
CREATE INDEX `products_by_brand` ON `products` (`brand`,`state`);