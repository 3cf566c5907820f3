ALTER TABLE `users` ADD `erased_at` integer;--> statement-breakpoint
CREATE INDEX `users_to_erase` ON `users` (`deleted_at`) WHERE deleted_at is not null and erased_at is null;--> statement-breakpoint
CREATE INDEX `sessions_ended_by_user` ON `sessions` (`user_id`) WHERE revoked_at is not null;--> statement-breakpoint
CREATE INDEX `room_members_left` ON `room_members` (`user_id`,`room_id`) WHERE left_at is not null;--> statement-breakpoint
CREATE INDEX `reports_by_author` ON `reports` (`author_id`);