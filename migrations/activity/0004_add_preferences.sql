CREATE TABLE `notification_preferences` (
	`user_id` text PRIMARY KEY NOT NULL,
	`in_app_enabled` integer DEFAULT true NOT NULL,
	`email_enabled` integer DEFAULT true NOT NULL,
	`push_enabled` integer DEFAULT true NOT NULL,
	`category_preferences` text DEFAULT '{}' NOT NULL,
	`email_digest` integer DEFAULT false NOT NULL,
	`digest_frequency` text DEFAULT 'daily' NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `notifications_by_time`;--> statement-breakpoint
DROP INDEX `notifications_unread`;--> statement-breakpoint
ALTER TABLE `notifications` ADD `channels` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `notifications` ADD `sent` integer DEFAULT false NOT NULL;--> statement-breakpoint
-- What was made before anybody could choose was shown in the app.
UPDATE `notifications` SET `channels` = '["in-app"]';--> statement-breakpoint
CREATE INDEX `notifications_by_time` ON `notifications` (`user_id`,`updated_at`,`id`) WHERE instr(channels, 'in-app') > 0;--> statement-breakpoint
CREATE INDEX `notifications_unread` ON `notifications` (`user_id`,`updated_at`,`id`) WHERE read_at is null and instr(channels, 'in-app') > 0;