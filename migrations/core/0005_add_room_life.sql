CREATE TABLE `deleted_messages` (
	`room_id` text NOT NULL,
	`ordinal` integer NOT NULL,
	PRIMARY KEY(`room_id`, `ordinal`)
);
--> statement-breakpoint
DROP INDEX `room_members_by_activity`;--> statement-breakpoint
ALTER TABLE `room_members` ADD `is_large` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `room_members` ADD `seen_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `room_members` ADD `mention_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `room_members` ADD `summary_no` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `room_members` ADD `member_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `room_members` ADD `left_at` integer;--> statement-breakpoint
CREATE INDEX `room_members_large` ON `room_members` (`user_id`,`room_id`) WHERE left_at is null and is_large = 1;--> statement-breakpoint
CREATE INDEX `room_members_by_activity` ON `room_members` (`user_id`,`active_at`,`room_id`) WHERE left_at is null and is_large = 0;--> statement-breakpoint
ALTER TABLE `rooms` ADD `topic` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `rooms` ADD `join_policy` text DEFAULT 'invite' NOT NULL;--> statement-breakpoint
ALTER TABLE `rooms` ADD `name_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `rooms` ADD `member_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `rooms` ADD `is_large` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `rooms` ADD `active_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `rooms` ADD `message_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `rooms` ADD `summary_no` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `rooms` ADD `settings_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `rooms` ADD `members_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `rooms_open` ON `rooms` (`name_key`,`id`) WHERE join_policy = 'open';--> statement-breakpoint
UPDATE `rooms` SET `active_at` = coalesce(`last_message_at`, `created_at`), `member_count` = (SELECT count(*) FROM `room_members` WHERE `room_id` = `rooms`.`id`);
