CREATE TABLE `deliveries` (
	`user_id` text NOT NULL,
	`product_id` text NOT NULL,
	`order_id` text NOT NULL,
	`delivered_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `product_id`, `order_id`)
);
--> statement-breakpoint
CREATE TABLE `profiles` (
	`id` text PRIMARY KEY NOT NULL,
	`username` text NOT NULL,
	`avatar` text,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `reviews` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`product_id` text NOT NULL,
	`user_id` text,
	`rating` integer NOT NULL,
	`text` text NOT NULL,
	`state` text DEFAULT 'visible' NOT NULL,
	`hidden_reason` text,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`product_id`) REFERENCES `products`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "reviews_have_stars" CHECK(rating between 1 and 5)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reviews_id` ON `reviews` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `reviews_one_each` ON `reviews` (`user_id`,`product_id`);--> statement-breakpoint
CREATE INDEX `reviews_by_time` ON `reviews` (`created_at`);--> statement-breakpoint
CREATE INDEX `reviews_by_product` ON `reviews` (`product_id`,`state`);--> statement-breakpoint
CREATE INDEX `reviews_by_stars` ON `reviews` (`product_id`,`state`,`rating`);--> statement-breakpoint
CREATE INDEX `reviews_by_rating` ON `reviews` (`product_id`,`state`,`rating`,`id`);--> statement-breakpoint
ALTER TABLE `products` ADD `star_counts` text DEFAULT '[0,0,0,0,0]' NOT NULL;