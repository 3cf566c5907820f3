ALTER TABLE `users` ADD `phone_number` text;--> statement-breakpoint
ALTER TABLE `users` ADD `bio` text;--> statement-breakpoint
ALTER TABLE `users` ADD `address` text;--> statement-breakpoint
CREATE INDEX `users_kept` ON `users` (`deleted_at`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `users_kept_by_name` ON `users` (`name_key`,`id`) WHERE deleted_at is null;